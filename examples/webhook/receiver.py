#!/usr/bin/env python3
"""A receiver of taskclass's webhooks, with nothing but Python's own library: it checks the signature, takes each message once and prints
what is to be done. Put TLS in front of it; by itself it listens on this machine only.

    export WEBHOOK_SECRET="whsec_$(openssl rand -base64 32)"
    python3 receiver.py 8080
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SEEN = {}  # webhook-id -> when; keep it in a database where messages must not be lost
FRESH = 300  # seconds
LARGEST = 1 << 20  # bytes


def key(secret):
    return base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()


def genuine(headers, body, secret):
    try:
        name, at, sent = (headers["webhook-" + field] for field in ("id", "timestamp", "signature"))
        if abs(time.time() - int(at)) > FRESH:
            return False
        mac = hmac.new(key(secret), b".".join([name.encode(), at.encode(), body]), hashlib.sha256)
        expected = "v1," + base64.b64encode(mac.digest()).decode()
        # Several signatures stand there while a secret is exchanged for another.
        return any(hmac.compare_digest(expected, one) for one in sent.split(" "))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length) if length <= LARGEST else b""
        if not genuine(self.headers, body, os.environ["WEBHOOK_SECRET"]):
            self.send_response(401)
        else:
            if self.headers["webhook-id"] not in SEEN:
                SEEN[self.headers["webhook-id"]] = time.time()
                data = json.loads(body)["data"]
                # Words in it can be an agent's or a stranger's: shown as text, never run.
                print(f"{data['repository']}: {data['reason']!r}; for {', '.join(data['owners'])}; {data['next'][0]!r}", flush=True)
            self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
