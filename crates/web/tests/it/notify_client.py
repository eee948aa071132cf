"""Does with the official client of GOV.UK Notify what systems do with it, and says what came of it as JSON.

notify_client.py BASE_URL KEY TEMPLATE send|read
"""

import json
import sys
import uuid

from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

base, key, template, part = sys.argv[1:]
client = NotificationsAPIClient(key, base_url=base)
to = "ann@example.org"
values = {"Thing": "permit", "full_name": "Ann Exampleby", "LIST": ["one", "two"]}


def refused(call, *args, **named):
    try:
        call(*args, **named)
    except HTTPError as error:
        return {"status": error.status_code, "errors": error.message}
    return None


def send():
    email = client.send_email_notification(to, template, personalisation=values, reference="case 7")
    other = str(uuid.uuid4())
    wrong_secret = NotificationsAPIClient(key[:-36] + other, base_url=base)
    wrong_service = NotificationsAPIClient(key[:-73] + other + key[-37:], base_url=base)
    return {
        "email": email,
        "before": client.get_notification_by_id(email["id"]),
        "missing": refused(client.send_email_notification, to, template, personalisation={"thing": "x"}),
        "bad_address": refused(client.send_email_notification, "nobody", template, personalisation=values),
        "bad_template": refused(client.send_email_notification, to, "permit", personalisation=values),
        "no_template": refused(client.send_email_notification, to, other, personalisation=values),
        "wrong_kind": refused(client.send_sms_notification, "07700900123", template, personalisation=values),
        "unknown_id": refused(client.get_notification_by_id, other),
        "wrong_secret": refused(wrong_secret.send_email_notification, to, template, personalisation=values),
        "wrong_service": refused(wrong_service.get_all_templates),
        "template": client.get_template(template),
        "templates": [one["id"] for one in client.get_all_templates()["templates"]],
        "sms_templates": client.get_all_templates("sms")["templates"],
        "version": client.get_template_version(template, 1)["id"],
        "preview": client.post_template_preview(template, {**values, "thing": "bin"}),
    }


def read():
    return {
        "by_reference": client.get_all_notifications(reference="case 7")["notifications"],
        "all": [one["id"] for one in client.get_all_notifications_iterator()],
        "delivered": len(client.get_all_notifications(status="delivered", template_type="email")["notifications"]),
        "sending": len(client.get_all_notifications(status="sending")["notifications"]),
    }


print(json.dumps({"send": send, "read": read}[part]()))
