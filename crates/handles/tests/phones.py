#!/usr/bin/env python3
"""Writes phones.json: telephone numbers, and what Google's library says of each.

Run it when the crate `phonenumber` is raised, with the version of the tables that the crate's version ends with
(0.3.10+9.0.33: tables 9.0.33), so that only the code is compared and not two states of the tables:

    python3 -m venv .cache/phones
    .cache/phones/bin/pip install phonenumbers==9.0.33
    .cache/phones/bin/python crates/handles/tests/phones.py

The numbers are random numbers of ranges that exist: whether one is in use is not known here. The same seed gives the same file.
"""

import json
import random
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

RANDOM = random.Random(20)
REGIONS = {"gb": "GB", "us": "US", "ie": "IE", "es": "ES"}
ABROAD = {"gb": "00", "us": "011", "ie": "00", "es": "00"}
# Numbers from elsewhere, written with `+`: with zeros that stay (IT), several lengths (DE, AT), prefixes of carriers (BR),
# digits put in (AR, MX), codes that several countries share (CA, JM, KZ, JE), and none at all (800).
ELSEWHERE = "IT DE AT FR BR AR MX CA JM KZ JE GG IM AU NZ IN PK NG PL RO PT CN JP SM VA FI CI HU 001".split()
KINDS = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile or fixed",
}
# Written by hand: what people type, and what is meant to break readers.
ODD = {
    "gb": [
        "07700 900123", "01632 960123", "03069 990123", "020 7946 0018", "0113 496 0123", "0808 157 0123", "0909 879 0123",
        "020 7946 0018 x12", "020 7946 0018 ext. 12", "020 7946 0018 extension 12", "(020) 7946 0018", "+44 (0)20 7946 0018",
        "0044 (0) 20 7946 0018", "44 20 7946 0018", "20 7946 0018", "020\u00a07946\u00a00018", "020\u20137946\u20130018",
        "tel:+44-20-7946-0018", "+44 020 7946 0018", "0800 1111", "0845 46 47", "116 123", "101", "999", "118 500", "0",
        "", "unknown", "0800 FLOWERS", "ann@example.org", "07777777777", "00000000000", "01234567890", "0123456789",
        "07123456789", "07000 000000", "020 7946 0018 / 020 7946 0019", "020 7946 001", "020 7946 00188", "7946 0018",
        "+020 7946 0018", "++44 20 7946 0018", "+0044 20 7946 0018", "00 00 44 20 7946 0018", "+999 20 7946 0018",
        "+44", "+4", "0044", "٠٢٠٧٩٤٦٠٠١٨", "０２０７９４６００１８", "+44 2O 7946 OO18", "020-7946-0018;4", "020 7946 0018#12",
        "(020 7946 0018", "020 7946 0018)", "~020 7946 0018", "p: 020 7946 0018", "020 7946 0018 (work)", "11111111",
        "+1 212 555 0123", "001 212 555 0123", "+353 20 910 1234", "+34 612 345 608", "1-212-555-0123", "+44 7911 123456",
    ],
    "us": [
        "212-555-0123", "(212) 555-0123", "1 212 555 0123", "+1 (212) 555-0123", "212.555.0123 x4", "555-0123", "800-555-0199",
        "1-800-FLOWERS", "011 44 20 7946 0018", "00 44 20 7946 0018", "+44 20 7946 0018", "911", "411", "012-555-0123",
        "212-055-0123", "112-555-0123", "1 1 212 555 0123", "212-555-01234", "999-999-9999", "123-456-7890", "234-567-8901",
        "000-000-0000", "+1 416 555 0123", "+1 876 555 0123", "900-555-0123", "710-555-0123", "500-555-0123",
    ],
    "ie": [
        "020 910 1234", "(020) 915 1234", "01 531 1234", "+353 (0)1 531 1234", "00353 1 531 1234", "353 1 531 1234",
        "085 012 3456", "085 5 012 3456", "0818 123 456", "1850 123 456", "1890 123456", "112", "0404 12345", "021 123 4567",
        "048 9012 3456", "028 9012 3456", "+44 28 9012 3456",
    ],
    "es": [
        "612 34 56 08", "912 34 56 08", "712 345 608", "900 123 456", "+34 612 345 608", "0034 612 345 608", "34 612 345 608",
        "012 34 56 08", "112", "061", "512 345 608", "612 345 60", "612 345 6081", "051 123 456", "+34 0612 345 608",
        "+34 912 34 56 08", "902 123 456", "806 123 456", "+351 912 345 608",
    ],
}


def ask(country, text):
    said = {"country": country, "text": text, "valid": False}
    try:
        number = phonenumbers.parse(text, REGIONS[country])
    except phonenumbers.NumberParseException:
        return said
    said["valid"] = phonenumbers.is_valid_number(number)
    if said["valid"]:
        home = number.country_code == phonenumbers.country_code_for_region(REGIONS[country])
        extension, number.extension = number.extension, None
        said["normal"] = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
        said["shown"] = phonenumbers.format_number(number, style)
        said["kind"] = KINDS.get(phonenumbers.number_type(number), "other")
        if extension:
            said["extension"] = extension
    return said


def some(region, kind, count):
    """Random valid numbers of a kind: the example of the tables with other digits at its end."""
    example = (
        phonenumbers.example_number_for_type(region, kind)
        if region != "001"
        else phonenumbers.example_number_for_non_geo_entity(800)
    )
    if example is None:
        return []
    found = []
    for _ in range(2_000):
        national = phonenumbers.national_significant_number(example)
        changed = RANDOM.randint(3, max(3, len(national) - 2))
        national = national[:-changed] + "".join(RANDOM.choice("0123456789") for _ in range(changed))
        number = phonenumbers.parse(f"+{example.country_code}{national}")
        if phonenumbers.is_valid_number(number) and number not in found:
            found.append(number)
        if len(found) == count:
            break
    return found


def written(number, country):
    """The number as people write it, one way or another."""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    ways = [national, national, "".join(c for c in national if c.isdigit()), e164, ABROAD[country] + e164[1:], e164[1:]]
    ways.append(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
    ways.append(national.replace(" ", "-"))
    return RANDOM.choice(ways)


def main():
    asked = [(country, text) for country, texts in ODD.items() for text in texts]
    for country, region in REGIONS.items():
        for kind in PhoneNumberType.values():
            plenty = kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
            for number in some(region, kind, 8 if plenty else 2):
                text = written(number, country)
                asked.append((country, text))
                # One digit too many, one too few, one wrong.
                slip = RANDOM.choice(["more", "less", "wrong", "none"])
                at = RANDOM.randrange(len(text))
                digit = RANDOM.choice("0123456789")
                if slip == "more":
                    asked.append((country, text[:at] + digit + text[at:]))
                elif slip == "less":
                    asked.append((country, text[:at] + text[at + 1 :]))
                elif slip == "wrong":
                    asked.append((country, text[:at] + digit + text[at + 1 :]))
    for region in ELSEWHERE:
        for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
            for number in some(region, kind, 1 if region in ("GG", "IM", "KZ", "SM", "VA", "CI") else 2):
                country = RANDOM.choice(list(REGIONS))
                style = RANDOM.choice([PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL])
                asked.append((country, phonenumbers.format_number(number, style)))
    unique = list(dict.fromkeys(asked))
    lines = ",\n".join(json.dumps(ask(*one), ensure_ascii=False) for one in unique)
    Path(__file__).with_name("phones.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(unique)} numbers")


if __name__ == "__main__":
    main()
