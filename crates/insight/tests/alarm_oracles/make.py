"""Write the expected values of the alarm's tests.

negbin.csv: scipy's negative binomial (scipy.stats.nbinom with n = size, p = size/(size+mean)).
ears.csv: EARS C1 and C2 upper limits (baseline 7, lag 0 and 2, alpha 0.001) by pandas rolling
windows, for the first four councils of ../alarm_data/fixmystreet_councils.csv.

    python3 make.py        (scipy, numpy, pandas)
"""

import pathlib

import pandas as pd
from scipy import stats

here = pathlib.Path(__file__).parent

rows = []
for mean in (0.01, 0.1, 1, 3.7, 25, 400, 30_000):
    for size in (0.05, 0.5, 2, 10, 300, 100_000):
        distribution = stats.nbinom(size, size / (size + mean))
        spread = distribution.std()
        for count in sorted({0, 1, 2, 5, *(max(0, round(mean + z * spread)) for z in (-2, -1, 0, 1, 2, 4, 8))}):
            pmf = distribution.pmf(count)
            rows.append(
                (
                    mean,
                    size,
                    count,
                    distribution.logpmf(count),
                    distribution.sf(count) + pmf / 2,
                    distribution.cdf(count) - pmf / 2,
                )
            )
pd.DataFrame(rows, columns=["mean", "size", "count", "ln_pmf", "upper_mid_p", "lower_mid_p"]).to_csv(
    here / "negbin.csv", index=False, float_format="%.15g"
)

z = stats.norm.ppf(1 - 0.001)
councils = pd.read_csv(here.parent / "alarm_data" / "fixmystreet_councils.csv", index_col=0)
out = []
for code, counts in councils.head(4).iterrows():
    counts = counts.reset_index(drop=True).astype(float)
    for lag in (0, 2):
        past = counts.shift(1 + lag).rolling(7)
        limit = past.mean() + z * past.std(ddof=1)
        out += [(code, lag, at, value) for at, value in limit.dropna().items()]
pd.DataFrame(out, columns=["lad", "lag", "at", "limit"]).to_csv(here / "ears.csv", index=False, float_format="%.15g")
