"""Servers on loopback that the tests send to: one that takes letters, one that takes POSTs."""

import socket
import socketserver
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@contextmanager
def _running(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Mailbox:
    """What a mail server got, and what it answers.

    Parameters
    ----------
    context : ssl.SSLContext, optional
        Offers STARTTLS with it.
    """

    def __init__(self, context=None):
        self.context = context
        self.letters = []
        self.recipients = []
        self.logins = []
        self.secure = []
        self.answers = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "250 ok", "AUTH": "235 ok"}
        self.port = 0


class _Smtp(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 for smtplib."""

    def handle(self):
        self.box, self.secure = self.server.box, False
        try:
            self.talk()
        except OSError:
            pass  # the other side did not trust the certificate
        finally:
            if self.connection is not self.request:
                self.rfile.close()
                self.connection.close()

    def talk(self):
        self.say("220 test")
        while line := self.rfile.readline():
            text = line.decode().strip()
            verb = text[:4].upper()
            answer = getattr(self, verb.lower(), None)
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "STAR":
                self.say("220 go")
                self.connection = self.box.context.wrap_socket(self.connection, server_side=True)
                self.rfile, self.secure = self.connection.makefile("rb"), True
            elif answer is None:
                self.say("250 ok")
            else:
                answer(text)

    def say(self, text):
        self.connection.sendall(f"{text}\r\n".encode())

    def ehlo(self, _text):
        extra = ["STARTTLS"] if self.box.context and not self.secure else []
        lines = ["test", *extra, "AUTH PLAIN"]
        self.say("\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines))

    def auth(self, text):
        self.box.logins.append(text.split()[-1])
        self.say(self.box.answers["AUTH"])

    def mail(self, _text):
        self.say(self.box.answers["MAIL"])

    def rcpt(self, text):
        self.box.recipients.append(text.partition(":")[2])
        self.say(self.box.answers["RCPT"])

    def data(self, _text):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        self.box.letters.append(b"".join(lines))
        self.box.secure.append(self.secure)
        self.say(self.box.answers["DATA"])


@contextmanager
def mail_server(context=None):
    """Take letters on loopback; yield the mailbox."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp)
    server.daemon_threads = False
    server.box = Mailbox(context)
    server.box.port = server.server_address[1]
    with _running(server):
        yield server.box


class Receiver:
    """What a web server got, and what it answers.

    Attributes
    ----------
    answers : list of tuple
        Status, headers and body of the next answers; 204 when there are none left.
    """

    def __init__(self):
        self.got = []
        self.answers = []
        self.url = ""

    def answer(self):
        return self.answers.pop(0) if self.answers else (204, {}, b"")


class _Http(BaseHTTPRequestHandler):
    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.got.append((self.path, dict(self.headers), body))
        status, headers, answer = receiver.answer()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for part in answer if isinstance(answer, list) else [answer]:
                self.wfile.write(part() if callable(part) else part)
                self.wfile.flush()
        except OSError:
            pass  # who asked has left

    def do_GET(self):
        self.server.receiver.got.append((self.path, dict(self.headers), None))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def receiver(context=None):
    """Take POSTs on loopback; yield what was got."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Http)
    server.daemon_threads = False
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.receiver = Receiver()
    scheme = "http" if context is None else "https"
    server.receiver.url = f"{scheme}://127.0.0.1:{server.server_port}/hook"
    with _running(server):
        yield server.receiver


@contextmanager
def silent_server():
    """Accept connections and say nothing; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextmanager
def dripping_server(begin, most):
    """Begin an answer, go on by one letter each 50 ms; yield the port and what was sent."""
    sent = []

    def drip():
        connection, _ = listening.accept()
        with connection:
            try:
                connection.sendall(begin)
                while len(sent) < most:
                    sent.append(connection.send(b"y"))
                    time.sleep(0.05)
            except OSError:
                pass  # who asked has left

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield listening.getsockname()[1], sent
        finally:
            thread.join()


def certificate(folder, *names):
    """Return the path of a certificate for some names, and a context that serves with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path, both = folder / "certificate.pem", folder / "both.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(secret + path.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return path, context
