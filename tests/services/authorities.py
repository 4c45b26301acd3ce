"""Time-stamp authorities of RFC 3161 for tests: ``openssl ts`` behind a small server on loopback."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import (
    CertificateBuilder,
    ExtendedKeyUsage,
    load_pem_x509_certificate,
    load_pem_x509_csr,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

__all__ = ["Keys", "expired", "injecting", "openssl", "serving"]

CONFIGURATION = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def openssl(*arguments: object) -> bytes:
    """Run openssl; return what it printed."""
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Keys:
    """The keys of one authority, made by openssl."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir()
        self.folder = folder
        self.roots = folder / "root.pem"
        self.configuration = folder / "openssl.cnf"
        self.configuration.write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01")
        key = (
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-config",
            self.configuration,
        )
        openssl(
            *("req", "-x509", *key, "-keyout", folder / "root.key", "-out", self.roots),
            *("-subj", f"/O={name}/CN=root", "-extensions", "root", "-days", "30"),
        )
        openssl(
            *("req", *key, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr"),
            *("-subj", f"/O={name}/CN=stamper"),
        )
        openssl(
            *("x509", "-req", "-in", folder / "tsa.csr", "-CA", self.roots, "-CAkey", folder / "root.key"),
            *("-set_serial", "2", "-extfile", self.configuration, "-extensions", "stamper"),
            *("-days", "30", "-out", folder / "tsa.pem"),
        )

    @property
    def url(self) -> str:
        """An address, for tests that ask without a network."""
        return f"http://{self.folder.name}.example.org/tsa"

    def stamp(self, message: bytes) -> bytes:
        """Return the response over a message, in DER."""
        asked = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
        return self.answer(asked.cert_request(cert_request=True).build().as_bytes())

    def answer(self, query: bytes) -> bytes:
        """Return the authority's response to a query, both in DER."""
        asked = self.folder / "query.tsq"
        asked.write_bytes(query)
        return openssl(
            "ts", "-reply", "-config", self.configuration, "-section", "tsa_config", "-queryfile", asked
        )


@contextmanager
def serving(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    """Serve ``answer(query)`` on loopback; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = answer(query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def expired(folder: Path) -> Keys:
    """Return an authority whose certificate was valid in 2020 only; it goes on stamping."""
    keys = Keys(folder, "Expired")
    root = load_pem_x509_certificate(keys.roots.read_bytes())
    private = load_pem_private_key((folder / "root.key").read_bytes(), None)
    asked = load_pem_x509_csr((folder / "tsa.csr").read_bytes())
    builder = CertificateBuilder(root.subject, asked.subject, asked.public_key(), 3)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2020, 12, 31, tzinfo=UTC))
    usage = ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signed = builder.add_extension(usage, critical=True).sign(private, SHA256())
    (folder / "tsa.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    return keys


def injecting(folder: Path, trusted: Keys) -> Keys:
    """Return an authority that puts the certificates of a trusted one into its stamps."""
    keys = Keys(folder, "Injecting")
    certificates = folder / "injected.pem"
    certificates.write_bytes(trusted.roots.read_bytes() + (trusted.folder / "tsa.pem").read_bytes())
    text = keys.configuration.read_text()
    keys.configuration.write_text(text.replace("[tsa_config]", f"[tsa_config]\ncerts = {certificates}"))
    return keys
