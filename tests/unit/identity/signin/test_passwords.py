"""Which passwords are refused, and how one is kept."""

import hashlib

import pytest

from bixie.identity.errors import IdentityError
from bixie.identity.signin import passwords
from bixie.identity.signin.passwords import (
    MAX_LENGTH,
    MIN_LENGTH,
    STRENGTH,
    Strength,
    check_choice,
    hash_password,
    matches,
    outdated,
)

QUICK = Strength(cost=4, block=8, lanes=1)


def refusal(password, login=""):
    with pytest.raises(IdentityError) as caught:
        check_choice(password, login)
    return caught.value.code


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "茶杯摔碎了怎么办才好呢",
        "Tr0ub4dor&3xyz",
        "x9-kettle-lamp",
        "a" * 5 + "bcdqx",
    ],
)
def test_a_password_that_nobody_tries_first_is_taken(password):
    check_choice(password, "somebody@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "PASSWORD2026!",
        "Woaini1314520",
        "woaini1314!!",
        "qwertyuiop",
        "1q2w3e4r5t6y",
        "1234567890",
        "0987654321",
        "9012345678",
        "abcdefghijkl",
        "lkjihgfedcba",
        "aaaaaaaaaaaa",
        "1212121212",
        "abcabcabcabc",
        "ｐａｓｓｗｏｒｄ１２３",
    ],
)
def test_the_commonest_are_refused_however_they_are_written(password):
    assert refusal(password) == "identity.password_common"


def test_ones_own_name_is_no_password():
    assert refusal("wang.xiaoming2026", "wang.xiaoming@example.com") == "identity.password_common"
    assert refusal("Wang.Xiaoming@example.com", "wang.xiaoming@example.com") == "identity.password_common"


def test_length_has_a_floor_and_a_ceiling():
    check_choice("k3ttle-lmp"[:MIN_LENGTH])
    assert refusal("k3ttle-lmp"[: MIN_LENGTH - 1]) == "identity.password_short"
    check_choice(("kettle lamp " * 20)[:MAX_LENGTH])
    assert refusal(("kettle lamp " * 20)[: MAX_LENGTH + 1]) == "identity.password_long"


def test_half_a_character_is_refused():
    assert refusal("kettle lamp \ud800") == "identity.password_unwritable"


def test_a_password_matches_what_was_made_of_it_and_nothing_else_does():
    kept = hash_password("kettle lamp", QUICK)
    assert matches("kettle lamp", kept)
    for other in ("kettle lamp ", "Kettle lamp", "", "\ud800"):
        assert not matches(other, kept)


def test_another_spelling_of_the_same_letters_matches():
    assert matches("caf\u0065\u0301 lamp kettle", hash_password("caf\u00e9 lamp kettle", QUICK))


def test_the_same_password_is_kept_differently_each_time_and_never_as_it_is():
    one, other = hash_password("kettle lamp", QUICK), hash_password("kettle lamp", QUICK)
    assert one != other
    assert "kettle" not in one


def test_nothing_is_computed_for_a_text_of_any_length(monkeypatch):
    kept = hash_password("kettle lamp", QUICK)
    monkeypatch.setattr(passwords, "_scrypt", lambda *_: pytest.fail("computed"))
    assert not matches("x" * (MAX_LENGTH + 1), kept)
    with pytest.raises(IdentityError):
        hash_password("x" * (MAX_LENGTH + 1))
    with pytest.raises(IdentityError):
        check_choice("x" * 10_000_000)


def test_the_hash_is_scrypt_s_as_the_rfc_has_it():
    # RFC 7914, section 12, second vector; 64 bytes there, of which these are the first 32.
    wanted = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    made = passwords._scrypt(b"password", b"NaCl", Strength(cost=10, block=8, lanes=16))
    assert made.hex() == wanted
    assert made == hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=32)


def test_a_hash_with_other_parameters_is_outdated():
    kept = hash_password("kettle lamp", QUICK)
    assert not outdated(kept, QUICK)
    assert outdated(kept, Strength(cost=5, block=8, lanes=1))
    assert outdated(kept)
    assert outdated("nonsense", QUICK)


def test_what_ships_fills_at_least_32_mebibytes():
    assert STRENGTH.memory >= 32 << 20
    assert matches("kettle lamp", hash_password("kettle lamp"))


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "kettle lamp",
        "scrypt$4$8$1$AAAA",
        "scrypt$0$8$1$AAAA$AAAA",
        "scrypt$4$0$1$AAAA$AAAA",
        "scrypt$4$8$0$AAAA$AAAA",
        "scrypt$30$8$1$AAAA$AAAA",
        "scrypt$22$8$1$AAAA$AAAA",
        "scrypt$4$8$1$AA=A$AAAA",
        "scrypt$4$8$1$AAAA$AAAA\n",
    ],
)
def test_what_is_no_hash_matches_nothing_and_fills_no_memory(stored):
    assert not matches("kettle lamp", stored)
