"""Make the expected values of the tests from implementations that are not ours.

    pip install numpy scipy statsmodels pandas mpmath ipfn
    python make.py

Reads the *_input.csv files beside this script and writes expected_*.csv. Nothing here follows our own code:
each value comes from a published package, or from the definition worked out the slow way.
"""

import math
import pathlib
import re
from itertools import combinations

import mpmath as mp
import numpy as np
import pandas as pd
import statsmodels.api as sm
from ipfn import ipfn
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

HERE = pathlib.Path(__file__).parent
mp.mp.dps = 60


def write(name, rows, columns):
    with open(HERE / f"expected_{name}.csv", "w") as file:
        file.write(",".join(columns) + "\n")
        for row in rows:
            file.write(",".join(x if isinstance(x, str) else repr(int(x)) if isinstance(x, (int, np.integer)) else mp.nstr(x, 20) if isinstance(x, mp.mpf) else repr(float(x)) for x in row) + "\n")


# --- distributions -----------------------------------------------------------------------------------------

def distributions():
    rows = []
    for p in [1e-300, 1e-100, 1e-20, 1e-9, 0.001, 0.025, 0.2, 0.4999, 0.5, 0.6, 0.975, 0.999999]:
        rows.append(("normal_quantile", p, 0, stats.norm.ppf(p)))
    for x in [-30.0, -8.0, -1.0, 0.0, 0.5, 1.959963984540054, 5.0]:
        rows.append(("normal_cdf", x, 0, mp.ncdf(x)))
    for x in [0.0, 1e-8, 0.1, 3.841458820694124, 50.0, 400.0, 1400.0]:
        rows.append(("chi_squared_1", x, 0, mp.erfc(mp.sqrt(mp.mpf(x) / 2))))
    for df in [1.0, 2.0, 3.5, 10.0, 100.0, 999.0, 10001.0, 1e6, 1e7, 1e9]:
        for confidence in [0.5, 0.9, 0.95, 0.999]:
            rows.append(("t_critical", confidence, df, stats.t.isf((1 - confidence) / 2, df)))
        for t in [-2.0, 0.1, 1.0, 3.0, 30.0]:
            rows.append(("t_survival", t, df, stats.t.sf(t, df)))
    for n, k in [(5, 2), (20, 10), (100, 3), (1000, 500), (10**7, 5 * 10**6), (10**7, 3), (10**9, 10**4)]:
        rows.append(("ln_choose", n, k, mp.log(mp.binomial(n, k)) if n < 1001 else
                     mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)))
    for n in [0, 1, 5, 16, 17, 100, 10**7]:
        rows.append(("ln_factorial", n, 0, mp.loggamma(n + 1)))
    write("distributions", rows, ["what", "x", "y", "value"])


# --- Fisher's exact test, in exact or 60-digit arithmetic -----------------------------------------------------

def ln_choose(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def fisher_exact_integers(a, n1, c, n2):
    """The definition, with whole numbers: sum over tables no more likely than the observed one."""
    hits = a + c
    ways = {x: math.comb(n1, x) * math.comb(n2, hits - x) for x in range(max(0, hits - n2), min(hits, n1) + 1)}
    limit = ways[a] * (10**7 + 1)
    return mp.mpf(sum(w for w in ways.values() if w * 10**7 <= limit)) / math.comb(n1 + n2, hits)


def fisher_digits(a, n1, c, n2):
    """The same for large tables: ratios in 60 digits, from the observed table to both ends."""
    hits = a + c
    low, high = max(0, hits - n2), min(hits, n1)
    start = mp.exp(ln_choose(n1, a) + ln_choose(n2, c) - ln_choose(n1 + n2, hits))
    limit = start * (1 + mp.mpf(10) ** -7)
    total = start
    for step in (1, -1):
        x, p = a, start
        peak = False
        while low <= x + step <= high:
            if step == 1:
                p = p * (n1 - x) * (hits - x) / ((x + 1) * (n2 - hits + x + 1))
            else:
                p = p * x * (n2 - hits + x) / ((n1 - x + 1) * (hits - x + 1))
            x += step
            peak = peak or p > start
            if p <= limit:
                total += p
                if p < total * mp.mpf(10) ** -25:
                    break
    return total


def fisher():
    rows = []
    random = np.random.default_rng(7)
    small = [(3, 4, 1, 4), (4, 4, 0, 4), (0, 5, 0, 7), (5, 5, 7, 7), (0, 10, 10, 10), (10, 10, 12, 15), (1, 1, 0, 1), (0, 1, 3, 500)]
    for _ in range(60):
        n1, n2 = random.integers(1, 400, 2)
        small.append((int(random.integers(0, n1 + 1)), int(n1), int(random.integers(0, n2 + 1)), int(n2)))
    for _ in range(60):
        n1, n2 = random.integers(30, 3000, 2)
        rate = random.uniform(0.01, 0.99)
        small.append((int(random.binomial(n1, rate)), int(n1), int(random.binomial(n2, rate)), int(n2)))
    for a, n1, c, n2 in small:
        rows.append((a, n1, c, n2, fisher_exact_integers(a, n1, c, n2),
                     stats.fisher_exact([[a, n1 - a], [c, n2 - c]]).pvalue))
    large = [
        (2_500_000, 5_000_000, 2_500_000, 5_000_000), (2_500_000, 5_000_000, 2_503_000, 5_000_000),
        (100, 1_000_000, 150, 1_000_000), (3, 10_000_000, 9, 10_000_000), (51_000, 100_000, 4_950_000, 9_900_000),
        (1_200, 10_000, 999_000, 9_990_000), (9_999_000, 10_000_000, 9_999_100, 10_000_000), (40, 60, 3_000_000, 9_999_940),
        (505_000, 1_000_000, 4_500_000, 9_000_000),
    ]
    for a, n1, c, n2 in large:
        rows.append((a, n1, c, n2, fisher_digits(a, n1, c, n2),
                     stats.fisher_exact([[a, n1 - a], [c, n2 - c]]).pvalue))
    write("fisher", rows, ["a", "n1", "c", "n2", "p", "scipy"])


def impact():
    data = pd.read_csv(HERE / "impact_input.csv", keep_default_na=False)
    rows, tested = [], []
    for i, row in data.iterrows():
        a, n1, c, n2 = (int(row[x]) for x in ("a", "n1", "c", "n2"))
        if n1 < 30 or n2 < 30:
            rows.append([i, "suppressed"] + [float("nan")] * 7)
            continue
        cells = np.array([[a, n1 - a], [c, n2 - c]], float)
        # Haldane and Anscombe: one half to all four; the package's own shift_zeros moves only the zero.
        table = Table2x2(cells + 0.5 if (cells == 0).any() else cells, shift_zeros=False)
        low, high = table.riskratio_confint(0.05)
        p = stats.fisher_exact([[a, n1 - a], [c, n2 - c]]).pvalue
        tested.append(len(rows))
        rows.append([i, "tested", table.riskratio, low, high, p, float("nan"), a - n1 * c / n2, a / n1 - c / n2])
    q = multipletests([rows[i][5] for i in tested], method="fdr_bh")[1]
    for i, value in zip(tested, q):
        rows[i][6] = value
    write("impact", rows, ["row", "state", "ratio", "low", "high", "p", "q", "excess", "difference"])


# --- Benjamini–Hochberg ------------------------------------------------------------------------------------

def multiple():
    random = np.random.default_rng(3)
    rows = []
    # The fifteen p-values of Benjamini and Hochberg 1995, section 4, then ties, then random ones.
    published = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]
    families = [published, [.01, .01, .01, .5, .5, 0.0, 1.0], list(random.uniform(size=200)), list(random.beta(.2, 3, size=500).round(3))]
    for family, p in enumerate(families):
        for one, q in zip(p, multipletests(p, method="fdr_bh")[1]):
            rows.append((family, one, q))
    write("multiple", rows, ["family", "p", "q"])


# --- drivers -----------------------------------------------------------------------------------------------

def r_squared(y, x, w):
    if x.shape[1] == 0:
        return 0.0
    return sm.WLS(y, sm.add_constant(x), weights=w).fit().rsquared


def lmg(y, x, w):
    k = x.shape[1]
    found = {s: r_squared(y, x[:, list(s)], w) for size in range(k + 1) for s in combinations(range(k), size)}
    shares = np.zeros(k)
    for s, base in found.items():
        for j in set(range(k)) - set(s):
            chance = math.factorial(len(s)) * math.factorial(k - len(s) - 1) / math.factorial(k)
            shares[j] += chance * (found[tuple(sorted(s + (j,)))] - base)
    return shares, found[tuple(range(k))]


def johnson(y, x, w):
    together = np.cov(np.column_stack([x, y]).T, aweights=w, ddof=0)
    d = np.sqrt(np.diag(together))
    r = together / np.outer(d, d)
    values, vectors = np.linalg.eigh(r[:-1, :-1])
    root = vectors @ np.diag(np.sqrt(values)) @ vectors.T
    star = np.linalg.solve(root, r[:-1, -1])
    return root**2 @ star**2, np.linalg.solve(r[:-1, :-1], r[:-1, -1]), r[:-1, -1]


def bootstrap(y, x, repeats, seed):
    """LMG shares of resampled cases from their correlations, by the definition; 95 % percentile interval."""
    random = np.random.default_rng(seed)
    k = x.shape[1]
    subsets = [list(s) for size in range(1, k + 1) for s in combinations(range(k), size)]
    drawn = []
    for _ in range(repeats):
        pick = random.integers(0, len(y), len(y))
        r = np.corrcoef(np.column_stack([x[pick], y[pick]]).T)
        found = {(): 0.0}
        for s in subsets:
            found[tuple(s)] = r[s, k] @ np.linalg.solve(r[np.ix_(s, s)], r[s, k])
        shares = np.zeros(k)
        for s, base in found.items():
            for j in set(range(k)) - set(s):
                chance = math.factorial(len(s)) * math.factorial(k - len(s) - 1) / math.factorial(k)
                shares[j] += chance * (found[tuple(sorted(s + (j,)))] - base)
        drawn.append(shares / shares.sum())
    return np.percentile(drawn, [2.5, 97.5], axis=0)


def drivers():
    data = pd.read_csv(HERE / "drivers_input.csv").dropna()
    names = [c for c in data.columns if c not in ("overall", "weight")]
    rows = []
    for kind in ("plain", "weighted"):
        y, x = data["overall"].to_numpy(float), data[names].to_numpy(float)
        w = data["weight"].to_numpy() if kind == "weighted" else np.ones(len(y))
        shares, total = lmg(y, x, w)
        weights, beta, r = johnson(y, x, w)
        low, high = bootstrap(y, x, 400, 11) if kind == "plain" else (np.full(len(names), np.nan),) * 2
        for j, name in enumerate(names):
            performance = (np.average(x[:, j], weights=w) - 1) / 4
            rows.append((kind, name, shares[j], weights[j], beta[j], r[j], performance, total, low[j], high[j], len(y)))
    write("drivers", rows, ["kind", "name", "lmg", "johnson", "beta", "correlation", "performance", "r_squared", "low", "high", "cases"])


# --- raking ------------------------------------------------------------------------------------------------

TARGETS = {
    "age": {"18-24": 9_000, "25-34": 21_000, "35-44": 22_000, "45-54": 20_000, "55-64": 16_000, "65-Over": 12_000},
    "gender": {"Male": 49_000, "Female": 51_000},
    "lives": {"bay": 38_000, "state": 7_000, "away": 55_000},
}


def raking():
    data = pd.read_csv(HERE / "rake_input.csv")
    n = len(data)
    columns = [(m, c, t) for m, cs in TARGETS.items() for c, t in cs.items()]
    x = np.array([(data[m] == c).to_numpy(float) for m, c, _ in columns]).T
    target = np.array([t for _, _, t in columns], float) / 100_000

    # The dual problem: weights exp(x·λ)/n whose margins are the targets minimise this convex function.
    def dual(v):
        w = np.exp(x @ v) / n
        return w.sum() - target @ v, x.T @ w - target

    v = optimize.minimize(dual, np.zeros(len(target)), jac=True, method="BFGS", options={"gtol": 1e-9}).x
    for _ in range(50):
        w = np.exp(x @ v) / n
        v = v - np.linalg.lstsq(x.T @ (x * w[:, None]), x.T @ w - target, rcond=1e-12)[0]
    w = np.exp(x @ v) / n * 100_000

    frame = data.assign(total=100_000 / n)
    margins = [pd.Series(TARGETS[m]).rename_axis(m) for m in TARGETS]
    other = ipfn.ipfn(frame.drop(columns=["overall"]), margins, [[m] for m in TARGETS], convergence_rate=1e-14, max_iteration=2000)
    by_ipfn = other.iteration()["total"].to_numpy()
    print("raking: dual against ipfn, largest relative difference", np.max(np.abs(by_ipfn / w - 1)))
    write("rake", zip(w, by_ipfn), ["weight", "ipfn"])
    deff = n * (w**2).sum() / w.sum() ** 2
    mean = np.average(data["overall"], weights=w)
    write("rake_summary", [("design_effect", deff), ("effective_size", n / deff), ("mean", mean)], ["what", "value"])


# --- margins -----------------------------------------------------------------------------------------------

def margins():
    rows = []
    for hits, n in [(0, 10), (1, 10), (5, 10), (10, 10), (3, 1000), (517, 1003), (37.5, 80.25), (999_999, 1_000_000)]:
        for confidence in (0.8, 0.95, 0.99):
            low, high = proportion_confint(hits, n, alpha=1 - confidence, method="wilson")
            rows.append(("wilson", hits, n, confidence, low, high))
    for mean, sd, n in [(3.2, 1.1, 12), (7.0, 0.0, 5), (640.0, 130.0, 174.5), (3.9, 0.8, 20_000)]:
        for confidence in (0.9, 0.95):
            se = sd / math.sqrt(n)
            low, high = (mean + se * side * stats.t.isf((1 - confidence) / 2, n - 1) for side in (-1, 1))
            rows.append((f"mean_t:{mean}", sd, n, confidence, low, high))
            low, high = (mean + se * side * stats.norm.isf((1 - confidence) / 2) for side in (-1, 1))
            rows.append((f"mean_normal:{mean}", sd, n, confidence, low, high))
    write("margins", rows, ["what", "x", "n", "confidence", "low", "high"])


# --- keyness -----------------------------------------------------------------------------------------------

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|')*[^\W\d_]|[^\W\d_]")
ADDRESS = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"”\[\]]*", re.I)
EMAIL = re.compile(r"[\w.%+'-]+@[\w.-]+")


def words():
    data = pd.read_csv(HERE / "words_input.csv", keep_default_na=False)
    counts = {"public": {}, "body": {}}
    documents = {"public": {}, "body": {}}
    for row in data.itertuples():
        text = ADDRESS.sub(" . ", row.text)
        text = EMAIL.sub(" . ", text).replace("’", "'").replace("‘", "'")
        found = [w.lower() for w in WORD.findall(text)]
        for w in found:
            counts[row.side][w] = counts[row.side].get(w, 0) + 1
        for w in set(found):
            documents[row.side][w] = documents[row.side].get(w, 0) + 1
    vocabulary = sorted(counts["public"].keys() | counts["body"].keys())
    a = np.array([counts["public"].get(w, 0) for w in vocabulary], float)
    b = np.array([counts["body"].get(w, 0) for w in vocabulary], float)
    n1, n2 = a.sum(), b.sum()
    alpha0 = 500.0
    alpha = alpha0 * (a + b) / (n1 + n2)
    delta = np.log((a + alpha) / (n1 + alpha0 - a - alpha)) - np.log((b + alpha) / (n2 + alpha0 - b - alpha))
    z = delta / np.sqrt(1 / (a + alpha) + 1 / (b + alpha))
    rows = []
    g2s = []
    for i in range(len(vocabulary)):
        table = np.array([[a[i], n1 - a[i]], [b[i], n2 - b[i]]])
        g2 = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[0]
        g2s.append(g2 * (1 if a[i] / n1 >= b[i] / n2 else -1))
    p = stats.chi2.sf(np.abs(g2s), 1)
    q = multipletests(p, method="fdr_bh")[1]
    ratio = np.log2((np.where(a > 0, a, .5) / n1) / (np.where(b > 0, b, .5) / n2))
    for i, w in enumerate(vocabulary):
        rows.append((w, a[i], b[i], documents["public"].get(w, 0), documents["body"].get(w, 0), delta[i], z[i], g2s[i], p[i], q[i], ratio[i]))
    # Every fourth word keeps the file small; q is of the whole family.
    write("words", rows[::4], ["word", "public", "body", "public_documents", "body_documents", "log_odds", "z", "g2", "p", "q", "log_ratio"])
    write("words_totals", [("public", n1), ("body", n2), ("tested", len(vocabulary))], ["what", "value"])


for make in (distributions, fisher, impact, multiple, drivers, raking, margins, words):
    make()
    print(make.__name__)
