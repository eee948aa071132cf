"""Reading speed beside VADER (the Python original), on the same comments in one run, taking turns.

    pip install vaderSentiment
    cargo build --release -p commonweal-text --example speed
    python speed.py COMMENTS        # one comment per line
"""

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

ROOT = Path(__file__).parents[3]
PROGRAM = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "target/release/examples/speed"
comments = [l for l in Path(sys.argv[1]).read_text(encoding="utf-8").split("\n") if l.strip()]
words = sum(len(c.split()) for c in comments) / len(comments)
vader = SentimentIntensityAnalyzer()
ours, theirs = [], []
for _ in range(5):
    out = subprocess.run([PROGRAM], input="\n".join(comments), capture_output=True, text=True, check=True).stdout
    ours.append(float(re.search(r"everything: (\d+)", out)[1]))
    start = time.perf_counter()
    for comment in comments:
        vader.polarity_scores(comment)
    theirs.append(len(comments) / (time.perf_counter() - start))
a, b = statistics.median(ours), statistics.median(theirs)
print(f"{len(comments)} comments of {words:.1f} words, median of 5 turns, one thread")
print(f"everything that is read: {a:,.0f} a second; VADER, sentiment only: {b:,.0f} a second; ratio {a / b:.1f}")
