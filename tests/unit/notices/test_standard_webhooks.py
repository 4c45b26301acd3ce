"""Signatures against the vector that the Standard Webhooks libraries share."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from bixie.notices.errors import SignatureError
from bixie.notices.standard_webhooks import WINDOW, headers, new_secret, sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
MOMENT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {"webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE}


def code(*, secrets=(SECRET,), received=HEADERS, body=BODY, now=MOMENT):
    with pytest.raises(SignatureError) as caught:
        verify(secrets, received, body, now)
    return caught.value.code


def test_the_vector_of_the_specification():
    assert sign(SECRET, ID, MOMENT, BODY) == SIGNATURE
    assert headers([SECRET], ID, MOMENT, BODY) == HEADERS
    assert verify([SECRET], HEADERS, BODY, MOMENT) == ID


def test_the_prefix_of_a_secret_may_be_left_out():
    assert sign(SECRET.removeprefix("whsec_"), ID, MOMENT, BODY) == SIGNATURE


def test_headers_are_found_in_any_case():
    assert verify([SECRET], {name.upper(): value for name, value in HEADERS.items()}, BODY, MOMENT) == ID


def test_while_secrets_change_either_is_enough_on_either_side():
    newer = new_secret(lambda count: bytes(range(count)))
    both = headers([newer, SECRET], ID, MOMENT, BODY)
    assert len(both["webhook-signature"].split(" ")) == 2
    for secrets in ([SECRET], [newer], [newer, SECRET]):
        assert verify(secrets, both, BODY, MOMENT) == ID
    assert verify([newer, SECRET], HEADERS, BODY, MOMENT) == ID


def test_signatures_of_other_versions_are_passed_over():
    mixed = {**HEADERS, "webhook-signature": f"v1a,AAAA v2,BBBB {SIGNATURE}"}
    assert verify([SECRET], mixed, BODY, MOMENT) == ID
    assert code(received={**HEADERS, "webhook-signature": SIGNATURE.replace("v1,", "v2,")}).endswith(
        "signature"
    )


@pytest.mark.parametrize("name", list(HEADERS))
def test_a_header_that_is_missing_or_empty_is_no_signature(name):
    without = {other: value for other, value in HEADERS.items() if other != name}
    assert code(received=without) == "notices.not_signed"
    assert code(received={**HEADERS, name: ""}) in {"notices.not_signed", "notices.wrong_signature"}


@pytest.mark.parametrize("written", ["soon", "1614265330.5", "-1614265330", " 1614265330", "１６", "9" * 30])
def test_a_time_that_is_none_is_no_signature(written):
    assert code(received={**HEADERS, "webhook-timestamp": written}) == "notices.not_signed"


def test_a_time_beyond_the_calendar_is_out_of_the_window():
    assert code(received={**HEADERS, "webhook-timestamp": "9" * 12}) == "notices.out_of_window"


def test_what_is_older_or_newer_than_the_window_is_refused():
    for off in (WINDOW, -WINDOW):
        assert verify([SECRET], HEADERS, BODY, MOMENT + off) == ID
    for off in (WINDOW + timedelta(seconds=1), -WINDOW - timedelta(seconds=1)):
        assert code(now=MOMENT + off) == "notices.out_of_window"
    later = {**HEADERS, "webhook-timestamp": "1614269999"}  # who moves the time breaks the signature
    assert code(received=later, now=MOMENT + timedelta(seconds=4669)) == "notices.wrong_signature"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_短",
        "whsec_!!!!",
        "whsec_" + b64encode(b"x" * 23).decode(),
        "whsec_" + b64encode(b"x" * 65).decode(),
    ],
)
def test_what_is_no_secret_signs_and_verifies_nothing(secret):
    with pytest.raises(SignatureError, match="not_a_secret"):
        sign(secret, ID, MOMENT, BODY)
    assert code(secrets=(secret,)) == "notices.not_a_secret"


def test_without_a_secret_nothing_is_right():
    assert code(secrets=()) == "notices.wrong_signature"
