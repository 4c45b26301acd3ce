"""Keys, sessions, codes and form tokens as texts."""

import pytest

from bixie.cli.key import _ROLES
from bixie.identity.errors import CredentialError
from bixie.identity.rules import KEY_ROLES
from bixie.identity.tokens import (
    KeyText,
    SessionText,
    csrf_token,
    is_csrf_token,
    new_recovery_code,
    new_secret,
    recovery_text,
    same_hash,
    secret_hash,
)

ID = "01jdhvz5m0fq2s8xk3n7c4r9ta"
SECRET = new_secret(lambda count: bytes(range(count)))
KEY = KeyText(f"tenant_{ID}", f"key_{ID}", SECRET)


def test_a_key_is_read_as_it_was_written():
    assert KeyText.read(str(KEY)) == KEY
    assert str(KEY) == KEY.prefix + SECRET
    assert SessionText.read(f"{ID}.{SECRET}") == SessionText(f"tenant_{ID}", SECRET)


@pytest.mark.parametrize(
    "text",
    ["", str(KEY)[:-1], f"{KEY}x", f"{KEY}\n", str(KEY).upper(), f"bixie_{ID}_{SECRET}", "x" * 100_000],
)
def test_what_is_no_key_is_refused_before_anything_is_looked_up(text):
    with pytest.raises(CredentialError, match=r"identity\.key_unknown"):
        KeyText.read(text)
    with pytest.raises(CredentialError, match=r"identity\.session_ended"):
        SessionText.read(text)


def test_a_hash_depends_on_secret_and_salt_and_holds_neither():
    made = {
        secret_hash(SECRET),
        secret_hash(SECRET, "a"),
        secret_hash(SECRET, "b"),
        secret_hash("other", "a"),
    }
    assert len(made) == 4
    assert same_hash(secret_hash(SECRET, "a"), secret_hash(SECRET, "a"))
    assert not same_hash(secret_hash(SECRET, "a"), secret_hash(SECRET, "b"))


def test_a_form_token_is_bound_to_its_session():
    assert is_csrf_token(csrf_token("session a"), "session a")
    for wrong in (csrf_token("session b"), "", csrf_token("session a")[:-1], "中", "\ud800"):
        assert not is_csrf_token(wrong, "session a")
    assert "session" not in csrf_token("session a")


def test_a_recovery_code_is_found_however_it_is_typed():
    code = new_recovery_code(lambda count: bytes(range(7, 7 + count)))
    assert len(code) == 19
    assert recovery_text(f" {code.upper().replace('-', ' ')}\n") == code
    assert recovery_text("OIL0") == "0110"
    assert recovery_text("x" * 100_000) != code


def test_the_command_line_offers_every_role_that_a_key_can_have():
    assert sorted(_ROLES) == sorted(KEY_ROLES)
