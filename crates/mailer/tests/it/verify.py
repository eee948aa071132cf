"""Verifies each signature of each message of a folder by dkimpy, with keys from records.json in the place of the DNS, and says
what Python's mail package reads in it."""

import email
import email.policy
import json
import pathlib
import sys

import dkim

folder = pathlib.Path(sys.argv[1])
records = json.loads((folder / "records.json").read_text())


def look_up(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    return records[name.rstrip(".")].encode()


def part(message, kind):
    found = message.get_body(preferencelist=(kind,))
    return None if found is None else found.get_content().replace("\r\n", "\n")


def is_good(message, number):
    try:
        return dkim.DKIM(message).verify(idx=number, dnsfunc=look_up)
    except dkim.DKIMException:
        return False


said = []
for file in sorted(folder.glob("*.eml"), key=lambda file: int(file.stem)):
    raw = file.read_bytes()
    read = email.message_from_bytes(raw, policy=email.policy.default)
    count = len(read.get_all("DKIM-Signature", []))
    said.append({
        "signatures": [is_good(raw, number) for number in range(count)],
        "subject": str(read["Subject"]),
        "from": str(read["From"]),
        "to_name": read["To"].addresses[0].display_name,
        "text": part(read, "plain"),
        "html": part(read, "html"),
        "files": [[f.get_filename(), len(f.get_content())] for f in read.iter_attachments()],
        "defects": [str(defect) for walked in read.walk() for defect in walked.defects],
    })
print(json.dumps(said))
