"""Figures that docs/models.md puts beside ours: VADER (the Python original) and TF-IDF with logistic
regression, on the same rows and the same split.

    pip install scikit-learn pandas vaderSentiment
    python baseline.py DATA        # DATA as for `--example models -- evaluate`
"""

import gzip
import hashlib
import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.multiclass import OneVsRestClassifier
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

HERE = Path(__file__).parent
DATA = Path(sys.argv[1])
VADER = SentimentIntensityAnalyzer()


def vader(texts):
    c = np.array([VADER.polarity_scores(t)["compound"] for t in texts])
    return np.where(c >= 0.05, 2, np.where(c <= -0.05, 0, 1))


def held_out(respondent):
    return sum(hashlib.sha256(respondent.encode()).digest()) % 5 == 0


def report(name, truth, said, groups, average="macro"):
    truth, said, groups = np.asarray(truth), np.asarray(said), np.asarray(groups)
    random = np.random.RandomState(1)
    where = {}
    for i, g in enumerate(groups):
        where.setdefault(g, []).append(i)
    where = list(where.values())
    draws = []
    for _ in range(500):
        picked = np.concatenate([where[k] for k in random.randint(0, len(where), len(where))])
        draws.append(f1_score(truth[picked], said[picked], average=average, zero_division=0))
    low, high = np.percentile(draws, [2.5, 97.5])
    value = f1_score(truth, said, average=average, zero_division=0)
    print(f"| {name} | {len(truth)} | {accuracy_score(truth, said):.3f} | {value:.3f} ({low:.3f} to {high:.3f}) |", flush=True)


def frame(name):
    return pd.read_csv(io.BytesIO(gzip.decompress((HERE / name).read_bytes())), dtype=str, keep_default_na=False)


def ground_truth(name):
    rows = [l.rstrip("\n").split("\t", 2) for l in open(DATA / "vader_gt" / name, encoding="utf-8", errors="replace")]
    mean = np.array([float(r[1]) / 4 for r in rows])
    return [r[2] for r in rows], np.where(mean >= 0.05, 2, np.where(mean <= -0.05, 0, 1))


nhs = frame("nhs_v6.csv.gz")
rated = nhs[nhs.sentiment != ""].copy()
rated["five"] = 5 - rated.sentiment.astype(int)
rated["three"] = rated.five.map([0, 0, 1, 2, 2].__getitem__)
rated["held"] = rated.respondent.map(held_out)
fit, test = rated[~rated.held], rated[rated.held]

report("VADER, NHS v6", rated.three, vader(rated.answer), rated.respondent)
report("VADER, NHS v6 held out", test.three, vader(test.answer), test.respondent)
for name in ["tweets", "movieReviewSnippets"]:
    texts, truth = ground_truth(f"{name}_GroundTruth.txt")
    report(f"VADER, {name}", truth, vader(texts), range(len(texts)))

words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
xw, xt = words.fit_transform(fit.answer), words.transform(test.answer)
cw, ct = sp.hstack([xw, pieces.fit_transform(fit.answer)]), sp.hstack([xt, pieces.transform(test.answer)])
asked = {q: i for i, q in enumerate(sorted(fit.question.unique()))}
flags = lambda d: sp.csr_matrix(np.eye(len(asked) + 1)[[asked.get(q, len(asked)) for q in d.question]])
for target in ["three", "five"]:
    for name, a, b in [
        ("TF-IDF", xw, xt),
        ("TF-IDF + characters", cw, ct),
        ("TF-IDF + characters + question", sp.hstack([cw, flags(fit)]), sp.hstack([ct, flags(test)])),
    ]:
        model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(a.tocsr(), fit[target])
        report(f"{name} LR, NHS v6 held out, {target}", test[target], model.predict(b.tocsr()), test.respondent)

themed = nhs[nhs.themes != ""].copy()
counts = themed.themes.str.split("|").explode().value_counts()
labels = sorted(counts[counts >= 10].index)
y = np.array([[int(l in t.split("|")) for l in labels] for t in themed.themes])
held = themed.respondent.map(held_out).values
x = words.fit_transform(themed.answer[~held])
model = OneVsRestClassifier(LogisticRegression(class_weight="balanced", max_iter=1000)).fit(x, y[~held])
p = model.predict_proba(words.transform(themed.answer[held]))
inner = OneVsRestClassifier(LogisticRegression(class_weight="balanced", max_iter=1000))
from sklearn.model_selection import cross_val_predict  # noqa: E402

q = cross_val_predict(inner, x, y[~held], cv=5, method="predict_proba")
grid = np.arange(0.05, 0.96, 0.025)
limits = np.array([grid[np.argmax([f1_score(y[~held][:, j], q[:, j] >= g, zero_division=0) for g in grid])] for j in range(len(labels))])
said = (p >= limits).astype(int)
for i in np.where(said.sum(1) == 0)[0]:
    said[i, np.argmax(p[i] / limits)] = 1
for average in ["micro", "macro"]:
    report(f"TF-IDF LR, NHS v6 themes held out ({len(labels)} labels), {average}", y[held], said, themed.respondent[held], average)
