"""Files with Content Credentials, signed while a test runs by an authority that exists for tests only."""

import io
import json
from datetime import UTC, datetime, timedelta
from functools import cache

import c2pa
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def name(text):
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, text), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    )


def certificate(subject, key, issuer, issuer_key, *, authority):
    start = datetime.now(UTC) - timedelta(days=1)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **usage
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if not authority:
        usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usages, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


@cache
def authority():
    """Return (PEM of the authority, PEM chain of the signer, PEM key of the signer)."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = certificate("Test Authority", root_key, "Test Authority", root_key, authority=True)
    leaf = certificate("Test Signer", key, "Test Authority", root_key, authority=False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return root.public_bytes(pem), leaf.public_bytes(pem) + root.public_bytes(pem), private


def picture(form="JPEG", seed=1):
    """Return a small picture as bytes."""
    pixels = np.random.default_rng(seed).integers(0, 255, (48, 64, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, form)
    return stream.getvalue()


def video():
    """Return a second of video as bytes."""
    av = pytest.importorskip("av")
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream("mpeg4", rate=5)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for grey in range(0, 200, 40):
            pixels = np.full((48, 64, 3), grey, np.uint8)
            container.mux(list(track.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24"))))
        container.mux(list(track.encode()))
    return stream.getvalue()


def action(what, source=None, **parameters):
    found = {"action": what} | ({"digitalSourceType": IPTC + source} if source else {})
    return found | ({"parameters": parameters} if parameters else {})


def signed(*actions, data=None, media_type="image/jpeg", ingredients=()):
    """Return `data` with a credential that tells `actions`; `ingredients` are (facts, bytes)."""
    _, chain, key = authority()
    manifest = {
        "claim_generator_info": [{"name": "Test Program", "version": "1"}],
        "title": "test",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}],
    }
    signer = c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(alg=b"es256", sign_cert=chain, private_key=key, ta_url=None)
    )
    settings = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    context = c2pa.Context(c2pa.Settings.from_dict(settings))
    target = io.BytesIO()
    with c2pa.Builder(json.dumps(manifest), context) as builder:
        for facts, content in ingredients:
            builder.add_ingredient(json.dumps(facts), "image/jpeg", io.BytesIO(content))
        builder.sign(signer, media_type, io.BytesIO(data or picture()), target)
    return target.getvalue()
