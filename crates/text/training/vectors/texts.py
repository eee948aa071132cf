"""Write the sentences that distill.py reads, from data sets that may be used so.

    python texts.py DATA_FOLDER OUT_FILE

Standard library only. Which data sets, and their licences: README.md.
"""

import csv
import random
import re
import sys
from pathlib import Path


def split(text):
    return [s.strip() for s in re.split(r"(?<=[.!?;])\s+|\n+", text) if len(s.strip()) > 8]


def column(path, *names):
    with open(path, encoding="utf-8", newline="") as f:
        return [row[n] for row in csv.DictReader(f) for n in names if row.get(n)]


def main(data, out):
    csv.field_size_limit(10**7)
    data = Path(data)
    bank = column(data / "banking77_train.csv", "text")
    nhs = column(data / "nhs_phase1_trustAB.csv", "feedback") + column(data / "nhs_v6_NEAS_80.csv", "FFT answer")
    petitions = column(data / "uk_petitions_half.csv", "action", "background", "additional_details")
    reddit = [line.split("\t")[0] for line in open(data / "goemotions" / "train.tsv", encoding="utf-8")]

    random.seed(1)
    asked = [s for t in petitions for s in split(re.sub(r"https?://\S+", " ", t))]
    random.shuffle(asked)
    random.shuffle(reddit)
    texts = bank + [s for t in nhs for s in split(t)] + asked[:8000] + reddit[:12000]
    texts = [" ".join(t.split()) for t in dict.fromkeys(texts)]
    Path(out).write_text("\n".join(texts) + "\n", "utf-8")
    print(len(texts), "sentences")


if __name__ == "__main__":
    main(*sys.argv[1:])
