"""Cut the small input files beside this script out of the published data sets.

    python extract.py FOLDER

FOLDER holds sfo_survey/2016.csv.gz, uk_petitions_half.csv and tsm_2024.xlsx; README.md here says where
they come from and under which licence. Needs pandas and openpyxl.
"""

import pathlib
import sys

import openpyxl
import pandas as pd

HERE = pathlib.Path(__file__).parent
FROM = pathlib.Path(sys.argv[1])


def survey():
    data = pd.read_csv(FROM / "sfo_survey/2016.csv.gz", low_memory=False)
    names = {
        "Q7ART": "art", "Q7FOOD": "food", "Q7STORE": "shops", "Q7SIGN": "signs", "Q7WALKWAYS": "walkways",
        "Q7SCREENS": "screens", "Q7INFOUP": "information", "Q9RESTROOM": "toilets", "Q9ALL": "cleanliness",
        "Q7ALL": "overall",
    }
    ratings = data[list(names)].rename(columns=names)
    # 6 stands for "never used", 0 for no answer.
    ratings = ratings.where((ratings >= 1) & (ratings <= 5)).astype("Int64")
    # Weights to four digits: enough for a test, and none of the original's row order is needed.
    ratings["weight"] = data["WEIGHT"].round(4)
    ratings.to_csv(HERE / "drivers_input.csv", index=False)

    ages = data["Q19AGE"].where(data["Q19AGE"].isin(["18-24", "25-34", "35-44", "45-54", "55-64", "65-Over"]), "other")
    groups = {
        "age": ages,
        "gender": data["Q20GENDER"].replace({"0": "not said"}),
        "income": data["Q21INCME"].astype(str),
        "flies": data["Q22FLY"].astype(str),
        "language": data["LANG"].astype(str),
    }
    rows = []
    for issue in [name for name in ratings.columns if name != "weight"]:
        known = ratings[issue].notna()
        hit = (ratings[issue] <= 3) & known
        for attribute, labels in groups.items():
            for group in sorted(labels.unique()):
                inside = known & (labels == group)
                outside = known & (labels != group)
                rows.append((issue, attribute, group, (hit & inside).sum(), inside.sum(), (hit & outside).sum(), outside.sum()))
    pd.DataFrame(rows, columns=["issue", "attribute", "group", "a", "n1", "c", "n2"]).to_csv(
        HERE / "impact_input.csv", index=False)

    some = pd.DataFrame({
        "age": ages, "gender": groups["gender"],
        "lives": data["Q16LIVE"].map({1: "bay", 2: "state", 3: "away"}),
        "overall": ratings["overall"],
    })
    some = some[(some.age != "other") & (some.gender != "not said")].dropna().iloc[::7]
    some.to_csv(HERE / "rake_input.csv", index=False)


def petitions():
    data = pd.read_csv(FROM / "uk_petitions_half.csv").fillna("")
    answered = data[data.gov_response_details != ""].head(40)
    others = data[(data.gov_response_details == "") & (data.state != "rejected")].head(120)
    rows = [(row.id, "body", row.gov_response_details) for row in answered.itertuples()]
    for part in (answered, others):
        for row in part.itertuples():
            rows.append((row.id, "public", "\n\n".join([row.action, row.background, row.additional_details])))
    pd.DataFrame(rows, columns=["document", "side", "text"]).to_csv(HERE / "words_input.csv", index=False)


def landlords():
    sheet = openpyxl.load_workbook(FROM / "tsm_2024.xlsx")["TSM24_LCRA_Perception"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    at = {title.split(" (")[0].replace("\xa0", " ").rstrip("0123456789, %"): i for i, title in enumerate(rows[0]) if title}
    columns = ["Landlord code", "Relevant tenant population size", "Required minimum sample size",
               "Total sample size achieved", "Estimated margin of error achieved", "Sample or census"]
    kept = [[row[at[column]] for column in columns] for row in rows[1:] if row[0]]
    names = ["landlord", "population", "required", "answered", "margin_percent", "sample_or_census"]
    table = pd.DataFrame(kept, columns=names)
    numbers = names[1:5]
    table[numbers] = table[numbers].apply(pd.to_numeric, errors="coerce")
    table = table.dropna(subset=numbers).astype({name: int for name in numbers[:3]})
    table.to_csv(HERE / "tsm_2024.csv", index=False)


survey()
petitions()
landlords()
