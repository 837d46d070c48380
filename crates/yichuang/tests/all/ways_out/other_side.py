"""The other side for the tests: a mail server (aiosmtpd) and a gateway, both on the loopback interface. What arrives is written to a
file, one JSON object a line. Arguments: output file, certificate, key, secret of the gateway. Prints the two ports.

The mail server wants an encrypted connection and a password; it knows no mailbox that begins with `gone`. The gateway checks the
signature by itself and refuses the number 13900000000 for now."""

import asyncio
import email
import email.policy
import hashlib
import hmac
import json
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from aiosmtpd.smtp import SMTP, AuthResult

output, certificate, key, secret = sys.argv[1:5]
lock = threading.Lock()


def write(record):
    with lock, open(output, "a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        write({
            "by": "smtp",
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": message["subject"],
            "sender": str(message["from"]),
            "id": message["message-id"],
            "date": message["date"],
            "auto": message["auto-submitted"],
            "text": message.get_content(),
            "encrypted": session.ssl is not None,
            "authenticated": session.authenticated,
        })
        return "250 taken"


def knows(server, session, envelope, mechanism, data):
    good = data.login == b"yichuang" and data.password == b"open sesame"
    return AuthResult(success=good, handled=False)


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        stamp = self.headers["x-yichuang-timestamp"]
        known = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        record = json.loads(body)
        later = record["to"] == "13900000000"
        write({
            "by": "gateway",
            "signed": hmac.compare_digest("v1=" + known, self.headers["x-yichuang-signature"]),
            "key": self.headers["idempotency-key"],
            "stamp": int(stamp),
            **record,
        })
        self.send_response(503 if later else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()

    def protocol():
        return SMTP(
            Mailbox(),
            tls_context=context,
            require_starttls=True,
            authenticator=knows,
            auth_required=True,
            loop=loop,
        )

    mail = await loop.create_server(protocol, "127.0.0.1", 0)
    gateway = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    print(mail.sockets[0].getsockname()[1], gateway.server_address[1], flush=True)
    await mail.serve_forever()


asyncio.run(main())
