#!/usr/bin/env python3
"""Makes sample-data/nhs-friends-and-family.csv from the data set published by NHS England.

    python3 scripts/make-sample-data.py SOURCE.csv > sample-data/nhs-friends-and-family.csv

SOURCE.csv is datasets/v6framework_230831.csv of the repository The-Strategy-Unit/pxtextmining, or
rows of it. The same input gives the same output. Nothing is made up: what the source does not say
stays empty. sample-data/README.md tells what each column is and what was left out.
"""

import csv
import datetime
import re
import sys
from bisect import bisect
from collections import defaultdict

SERVICES = {
    "PTS - Patient Transport": "Patient transport",
    "See and Convey": "Emergency ambulance",
    "111": "NHS 111",
}

# The moments of the journey, in order, and the labels given by NHS England's readers that name
# each. Labels that name no moment (for example "Positive experience & gratitude") are not here.
TOUCHPOINTS = {
    "Get in touch": ["Contacting services"],
    "Book": ["Appointment arrangements", "Appointment method"],
    "Wait": ["Timeliness of care"],
    "Assessment": ["Diagnosis & triage"],
    "Journey": ["Transport to/ from services", "Service location"],
    "Care and advice": [
        "Staff manner & personal attributes",
        "Staff responsiveness",
        "Competence & training",
        "Staff listening, understanding & involving patients",
        "Information directly from staff during care",
        "Pain management",
        "Feeling safe",
        "Provision of medical equipment",
        "Cleanliness, tidiness & infection control",
        "Supplying & understanding medication",
    ],
    "What comes next": ["Referals & continuity of care", "Discharge", "Care plans"],
}
TOUCHPOINT_OF_LABEL = {label: name for name, labels in TOUCHPOINTS.items() for label in labels}

# In these services the source has each of two questions beside the answers to the other one
# (sample-data/README.md has the counts).
EXCHANGED_IN = {"NHS 111", "Patient transport"}
EXCHANGED = {"FFT Why?": "How could we improve?", "How could we improve?": "FFT Why?"}

# Rows with any of these are left out.
SENSITIVE = ["Person identifiable info?", "Safeguarding concerns?"]
# Words with a full date: of birth, or of an appointment that somebody else may remember.
FULL_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](\d{2}|\d{4})\b")
NO_ANSWER = {"", "did not answer", "n/a"}
HEADINGS = ["id", "at", "service", "touchpoint", "question", "comment", "rating"]


def tidy(text):
    """Trims, and replaces unusual spaces and line ends by usual ones; the words stay."""
    text = text.replace("\u00a0", " ").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")).strip()


def on_one_line(text):
    return re.sub(r"\s+", " ", tidy(text))


def readings(text):
    """The dates that NN/NN/YYYY may mean. The source has both orders of day and month."""
    first, second, year = (int(part) for part in text.split("/"))
    found = set()
    for day, month in ((first, second), (second, first)):
        try:
            found.add(datetime.date(year, month, day))
        except ValueError:
            pass
    return found


def settle_dates(rows):
    """Gives the date of each respondent, where it can be told.

    Within a service, respondents are numbered by date: all dates with a day above 12 ascend with
    the number, without exception. So a date that may be read in two ways means the one that lies
    between the certain dates before and after it. Where that decides nothing there is no date.
    """
    open_dates = defaultdict(dict)
    for row in rows:
        service = row["Service type 1"]
        number = int(re.search(r"(\d+)$", row["Respondent ID"]).group(1))
        key = (number, row["Respondent ID"])
        seen = open_dates[service].get(key)
        open_dates[service][key] = readings(row["Date"]) if seen is None else seen & readings(row["Date"])

    settled = {}
    for respondents in open_dates.values():
        certain = sorted((key[0], next(iter(dates))) for key, dates in respondents.items() if len(dates) == 1)
        assert all(a[1] <= b[1] for a, b in zip(certain, certain[1:])), "certain dates ascend with the number"
        numbers = [number for number, _ in certain]
        for (number, respondent), dates in respondents.items():
            place = bisect(numbers, number)
            before = certain[place - 1][1] if place else None
            after = certain[place][1] if place < len(certain) else None
            if len(dates) > 1:
                # Beyond the first or last certain date nothing holds a reading from one side.
                dates = {d for d in dates if before and after and before <= d <= after}
            settled[respondent] = next(iter(dates)) if len(dates) == 1 else None
    return settled


def touchpoint_of(row):
    """The one moment that the labels of a comment name; none when they name several."""
    named = {name for label, name in TOUCHPOINT_OF_LABEL.items() if row.get(label)}
    return named.pop() if len(named) == 1 else ""


def rating_of(row):
    """5 (very good) to 1 (very poor); nothing for "don't know" (6) and no answer (7).

    The source counts the other way round: 1 is very good, 5 is very poor.
    """
    answer = row["FFT categorical answer"].strip()
    return str(6 - int(answer)) if answer in {"1", "2", "3", "4", "5"} else ""


def question_of(row, service):
    question = on_one_line(row["FFT question"])
    return EXCHANGED.get(question, question) if service in EXCHANGED_IN else question


def rows_of_respondent(rows, date):
    """One row for each answer in words; the rating stands in the first only, so that nobody's
    rating is counted twice. A respondent without words has one row with the rating."""
    first = rows[0]
    service = SERVICES[on_one_line(first["Service type 1"])]
    answered = [row for row in rows if tidy(row["FFT answer"]).lower() not in NO_ANSWER]
    rating = rating_of(first)
    if not answered:
        if rating:
            yield [first["Comment ID"], date.isoformat(), service, "", "", "", rating]
        return
    for row in answered:
        yield [
            row["Comment ID"],
            date.isoformat(),
            service,
            touchpoint_of(row),
            question_of(row, service),
            tidy(row["FFT answer"]),
            rating,
        ]
        rating = ""


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as source:
        rows = [row for row in csv.DictReader(source) if on_one_line(row["Service type 1"]) in SERVICES]
    dates = settle_dates(rows)

    left_out = {"sensitive": 0, "dated words": 0, "undated": 0}
    respondents = defaultdict(list)
    for row in rows:
        if any(row[flag].strip() for flag in SENSITIVE):
            left_out["sensitive"] += 1
        elif FULL_DATE.search(row["FFT answer"]):
            left_out["dated words"] += 1
        elif dates[row["Respondent ID"]] is None:
            left_out["undated"] += 1
        else:
            respondents[row["Respondent ID"]].append(row)

    result = []
    for respondent, answers in respondents.items():
        answers.sort(key=lambda row: row["Comment ID"])
        result.extend(rows_of_respondent(answers, dates[respondent]))
    result.sort(key=lambda row: (row[1], row[0]))

    # Explicitly, so that the file is the same on every system.
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(result)
    print(
        f"{len(rows)} rows of {len(dates)} respondents read; {len(result)} written, "
        f"{sum(1 for row in result if row[5])} with words, {sum(1 for row in result if row[6])} rated, "
        f"{sum(1 for row in result if row[3])} with a touchpoint, {result[0][1]} to {result[-1][1]}; "
        f"left out: {left_out['sensitive']} flagged, {left_out['dated words']} with a date in words, {left_out['undated']} without a certain date",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
