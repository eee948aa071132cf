#!/usr/bin/env python3
"""What Python's `email` package finds in the reports of a folder of messages: the table that the reader is held to.

    python3 truth.py FOLDER > bounces.tsv

One row for each recipient of a delivery report (RFC 3464), one for each feedback report (RFC 5965); `unstructured` where a message has
neither. Written without a look at the reader: it goes by the fields alone.
"""

import email
import pathlib
import re
import sys
from email import policy


def address(value):
    value = value.split(";", 1)[-1] if ";" in value else value
    return value.strip().strip("<>").strip()


def code(value):
    found = re.match(r"\s*(\d\.\d{1,3}\.\d{1,3})", value)
    return found.group(1) if found else ""


def groups(part):
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload
    return [email.message_from_string(block) for block in re.split(r"\n\s*\n", str(payload))]


def rows(message):
    for part in message.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            for group in groups(part):
                who = group.get("Final-Recipient") or group.get("Original-Recipient")
                if who and group.get("Action"):
                    action = (group.get("Action") or "").strip().split(" ")[0].lower()
                    yield "dsn", address(str(who)), action, code(str(group.get("Status") or ""))
        elif part.get_content_type() == "message/feedback-report":
            for group in groups(part):
                if group.get("Feedback-Type"):
                    who = group.get("Original-Rcpt-To") or ""
                    yield "arf", address(str(who)), group["Feedback-Type"].strip().lower(), ""


def main(folder):
    print("file\tkind\tfinal_recipient\taction\tstatus")
    for path in sorted(pathlib.Path(folder).glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.compat32)
        found = list(rows(message)) or [("unstructured", "", "", "")]
        for row in found:
            print("\t".join((path.name,) + row))


if __name__ == "__main__":
    main(sys.argv[1])
