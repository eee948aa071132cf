"""Check of the Rust baseline: k-means on TF-IDF by scikit-learn, NMI and purity.

    python baseline.py DATA_FOLDER

Needs scikit-learn and pandas. Beside it: crates/text/examples/discovery.rs.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score


def main(folder):
    read = lambda f: pd.read_csv(Path(folder) / f)  # noqa: E731
    nhs = read("nhs_phase1_trustAB.csv").dropna(subset=["feedback"])
    bank, cfpb, v6 = read("banking77_train.csv"), read("cfpb_half.csv"), read("nhs_v6_NEAS_80.csv")
    marks = v6[v6.columns[12:]].fillna(0) > 0
    v6 = v6.assign(one=marks.idxmax(axis=1))[(marks.sum(axis=1) == 1) & v6["FFT answer"].notna()]
    sets = [
        ("NHS phase 1 (9 labels)", nhs.feedback, nhs.label, 20),
        ("NHS phase 1 (subcategories)", nhs.feedback, nhs.subcategory.fillna(""), 40),
        ("NHS v6 (one label)", v6["FFT answer"], v6.one, 20),
        ("Banking77", bank.text, bank.category, 77),
        ("CFPB", cfpb["Consumer complaint narrative"].str.replace("XX", ""), cfpb.Product, 12),
    ]
    print("| set | k | NMI | purity |\n|---|---|---|---|")
    for name, texts, labels, k in sets:
        x = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=3, token_pattern=r"[\w']{2,}").fit_transform(texts)
        nmi, pure = [], []
        for seed in range(5):
            got = KMeans(k, n_init=1, random_state=seed).fit_predict(x)
            nmi.append(normalized_mutual_info_score(labels, got))
            pure.append(pd.crosstab(got, labels.to_numpy()).max(axis=1).sum() / len(got))
        print(f"| {name} | {k} | {np.mean(nmi):.3f} | {np.mean(pure):.3f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
