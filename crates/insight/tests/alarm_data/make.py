"""Write fixmystreet_councils.csv from the monthly counts (month, lad, category, reports).

    python3 make.py reports.csv
"""

import pathlib
import sys

import pandas as pd

reports = pd.read_csv(sys.argv[1])
reports = reports[reports.month >= "2013-01"]
wide = reports.pivot_table(index="lad", columns="month", values="reports", aggfunc="sum", fill_value=0)
wide = wide[wide.mean(axis=1) >= 5].sort_index()
unused = [code for code in wide.index if sum(code.encode()) % 2 == 1]
wide.loc[unused[:40]].to_csv(pathlib.Path(__file__).with_name("fixmystreet_councils.csv"))
