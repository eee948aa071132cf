"""Receives web hooks, verifies each by the public library, and writes down what came.

receiver.py SECRET_FILE LOG_FILE: prints its port. Refuses a quarter of the ids the first time it sees them, as
receivers do now and then. One JSON object a line in the log.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zlib import crc32

from standardwebhooks import Webhook

secret_file, log_file = sys.argv[1:]
lock = threading.Lock()
seen = set()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        name = self.headers.get("webhook-id", "")
        line = {"id": name, "verified": True, "refused": False}
        try:
            with open(secret_file, encoding="ascii") as file:
                secret = file.read().strip()
            headers = {key.lower(): value for key, value in self.headers.items()}
            Webhook(secret).verify(body, headers)
            line["event"] = json.loads(body)
        except Exception as problem:  # whatever it is, the test has to hear of it
            line.update(verified=False, problem=repr(problem))
        with lock:
            if crc32(name.encode()) % 4 == 0 and name not in seen:
                line["refused"] = True
            seen.add(name)
            with open(log_file, "a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
        self.send_response(500 if line["refused"] else 204)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
