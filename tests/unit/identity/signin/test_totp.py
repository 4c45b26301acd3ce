"""Codes against the vectors of the RFCs, and that each counts once."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bixie.identity.signin.totp import STEP_SECONDS, address, code_at, step_at, step_of

SHA1 = b"12345678901234567890"
SHA256 = b"12345678901234567890123456789012"
SHA512 = b"1234567890123456789012345678901234567890123456789012345678901234"
NOW = datetime(2026, 11, 25, 8, 30, 10, tzinfo=UTC)


# RFC 6238, appendix B.
@pytest.mark.parametrize(
    ("seconds", "sha1", "sha256", "sha512"),
    [
        (59, "94287082", "46119246", "90693936"),
        (1111111109, "07081804", "68084774", "25091201"),
        (1111111111, "14050471", "67062674", "99943326"),
        (1234567890, "89005924", "91819424", "93441116"),
        (2000000000, "69279037", "90698825", "38618901"),
        (20000000000, "65353130", "77737706", "47863826"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds, sha1, sha256, sha512):
    step = step_at(datetime.fromtimestamp(seconds, UTC))
    assert code_at(SHA1, step, 8) == sha1
    assert code_at(SHA256, step, 8, "sha256") == sha256
    assert code_at(SHA512, step, 8, "sha512") == sha512


# RFC 4226, appendix D.
def test_the_vectors_of_rfc_4226():
    wanted = [
        "755224",
        "287082",
        "359152",
        "969429",
        "338314",
        "254676",
        "287922",
        "162583",
        "399871",
        "520489",
    ]
    assert [code_at(SHA1, count) for count in range(10)] == wanted


@pytest.mark.parametrize(("off", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_a_step_off_and_no_more(off, counts):
    step = step_at(NOW) + off
    assert step_of(code_at(SHA1, step), SHA1, NOW, -1) == (step if counts else None)


def test_a_code_counts_once_and_takes_the_earlier_ones_with_it():
    now = step_at(NOW)
    assert step_of(code_at(SHA1, now), SHA1, NOW, now) is None
    assert step_of(code_at(SHA1, now - 1), SHA1, NOW, now) is None
    assert step_of(code_at(SHA1, now + 1), SHA1, NOW, now) == now + 1
    later = NOW + timedelta(seconds=STEP_SECONDS)
    assert step_of(code_at(SHA1, now), SHA1, later, now) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６", "-12345", "1" * 10_000])
def test_what_is_no_code_is_none(code):
    assert step_of(code, SHA1, NOW, -1) is None


def test_blanks_in_a_code_are_passed_over():
    code = code_at(SHA1, step_at(NOW))
    assert step_of(f" {code[:3]} {code[3:]}\n", SHA1, NOW, -1) == step_at(NOW)


def test_an_authenticator_reads_the_address():
    shown = urlsplit(address(SHA1, "茶具店 & co", "a/b@example.com"))
    assert (shown.scheme, shown.netloc) == ("otpauth", "totp")
    assert unquote(shown.path) == "/茶具店 & co:a/b@example.com"
    assert parse_qs(shown.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["茶具店 & co"],
        "digits": ["6"],
        "period": ["30"],
    }
