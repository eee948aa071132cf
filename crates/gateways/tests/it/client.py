"""Does to a server what bodies do with the official client of GOV.UK Notify, and says what came of it."""

import json
import sys

from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

address, key, wrong_key, email_template, sms_template = sys.argv[1:]
client = NotificationsAPIClient(key, base_url=address)


def refused(call, *parts):
    try:
        call()
    except HTTPError as error:
        first = error.message[0]
        return [error.status_code, first["error"], first["message"]][: parts[0] if parts else 3]
    raise SystemExit("it was not refused")


words = {"subject": "Your bins", "body": "We come on Friday."}
mail = client.send_email_notification("ann@example.org", email_template, personalisation=words, reference="ours-1")
text = client.send_sms_notification("07700 900123", sms_template, personalisation=words)
found = client.get_notification_by_id(mail["id"])
said = {
    "email": [mail["content"]["subject"], mail["content"]["body"], mail["reference"]],
    "sms": [text["content"]["body"], text["content"]["from_number"]],
    "by_id": [found["status"], found["type"]],
    "by_reference": len(client.get_all_notifications(reference="ours-1")["notifications"]),
    "pages": [one["type"] for one in client.get_all_notifications()["notifications"]],
    "templates": len(client.get_all_templates()["templates"]),
    "preview": client.post_template_preview(sms_template, {"body": "We come on Monday."})["body"],
    "received": [one["content"] for one in client.get_received_texts()["received_text_messages"]],
    "missing": refused(lambda: client.send_sms_notification("07700 900123", sms_template)),
    "number": refused(lambda: client.send_sms_notification("123", sms_template, personalisation=words)),
    "nobody": refused(lambda: client.get_notification_by_id("00000000-0000-0000-0000-000000000000"), 2),
    "key": refused(lambda: NotificationsAPIClient(wrong_key, base_url=address).get_all_templates(), 2),
}
print(json.dumps(said))
