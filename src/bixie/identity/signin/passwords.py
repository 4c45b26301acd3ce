"""Passwords: which are refused, and how they are hashed so that a stolen store does not reveal them.

scrypt fills memory, which makes guessing expensive. Its parameters are stored beside each hash, so they can
be raised: the next login renews the hash.

References
----------
RFC 7914; NIST SP 800-63B, section 5.1.1 (length before composition, commonest passwords refused, NFKC).
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from bixie.identity.errors import IdentityError
from bixie.kit.ids import Entropy

__all__ = [
    "MAX_LENGTH",
    "MIN_LENGTH",
    "STRENGTH",
    "Strength",
    "check_choice",
    "decoy_hash",
    "hash_password",
    "matches",
    "outdated",
]

MIN_LENGTH = 10
MAX_LENGTH = 200
"""In characters. Longer texts are refused before any work is done on them."""

_SALT_BYTES = 16
_HASH_BYTES = 32
_MIN_DIFFERENT = 5
_MAX_MEMORY = 256 << 20
_STORED = re.compile(r"scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w+/=]{4,64})\$([\w+/=]{4,128})", re.ASCII)
_TAIL = re.compile(r"[\W\d_]+$")


@dataclass(frozen=True, slots=True)
class Strength:
    """Parameters of scrypt.

    Parameters
    ----------
    cost : int
        Binary logarithm of N.
    block, lanes : int
        r and p. The memory is ``128 * r * N`` bytes.
    """

    cost: int = 15
    block: int = 8
    lanes: int = 3

    @property
    def memory(self) -> int:
        """Bytes of memory that one computation needs."""
        return 128 * self.block << self.cost


STRENGTH = Strength()
"""32 MiB and three passes: one of the settings that OWASP's cheat sheet on storing passwords calls equal."""


def check_choice(password: str, login: str = "") -> None:
    """Refuse a password that is too short, too long, or among the first guesses.

    Parameters
    ----------
    password : str
    login : str
        The person's login name, which is refused as a password.

    Raises
    ------
    IdentityError
        ``identity.password_short``, ``identity.password_long``, ``identity.password_common`` or
        ``identity.password_unwritable``.
    """
    if len(password) > MAX_LENGTH:
        raise IdentityError("identity.password_long", maximum=MAX_LENGTH)
    text = _normal(password).decode()
    if len(text) < MIN_LENGTH:
        raise IdentityError("identity.password_short", minimum=MIN_LENGTH)
    folded = text.casefold()
    word = _TAIL.sub("", folded)
    own = {login.casefold(), login.casefold().partition("@")[0]} - {""}
    few = len(set(folded)) < _MIN_DIFFERENT
    if few or _runs(folded) or {folded, word} & own or {folded, word} & _common_passwords():
        raise IdentityError("identity.password_common")


def hash_password(
    password: str, strength: Strength = STRENGTH, entropy: Entropy = secrets.token_bytes
) -> str:
    """Return what is stored for a password: parameters, salt and hash in one text.

    Raises
    ------
    IdentityError
        ``identity.password_long`` or ``identity.password_unwritable``.
    """
    if len(password) > MAX_LENGTH:
        raise IdentityError("identity.password_long", maximum=MAX_LENGTH)
    salt = entropy(_SALT_BYTES)
    hashed = _scrypt(_normal(password), salt, strength)
    numbers = f"{strength.cost}${strength.block}${strength.lanes}"
    return f"scrypt${numbers}${b64encode(salt).decode()}${b64encode(hashed).decode()}"


def decoy_hash(strength: Strength = STRENGTH) -> str:
    """Return a hash of no password: comparing with it takes as long as with a real one."""
    numbers = f"{strength.cost}${strength.block}${strength.lanes}"
    salt, hashed = (b64encode(secrets.token_bytes(size)).decode() for size in (_SALT_BYTES, _HASH_BYTES))
    return f"scrypt${numbers}${salt}${hashed}"


def matches(password: str, stored: str) -> bool:
    """Return whether a password belongs to the hash `stored`."""
    found = _parsed(stored)
    if found is None or len(password) > MAX_LENGTH:
        return False
    strength, salt, kept = found
    try:
        return hmac.compare_digest(_scrypt(_normal(password), salt, strength), kept)
    except IdentityError:
        return False


def outdated(stored: str, strength: Strength = STRENGTH) -> bool:
    """Return whether the next login should renew a hash because the parameters were raised."""
    found = _parsed(stored)
    return found is None or found[0] != strength


def _scrypt(password: bytes, salt: bytes, strength: Strength) -> bytes:
    return hashlib.scrypt(
        password,
        salt=salt,
        n=1 << strength.cost,
        r=strength.block,
        p=strength.lanes,
        # OpenSSL needs a little memory besides the blocks.
        maxmem=strength.memory + (1 << 20) + 128 * strength.block * strength.lanes,
        dklen=_HASH_BYTES,
    )


def _parsed(stored: str) -> tuple[Strength, bytes, bytes] | None:
    """Return the parts of a stored hash; None if it is malformed or would need too much memory."""
    match = _STORED.fullmatch(stored)
    if match is None:
        return None
    strength = Strength(*(int(number) for number in match.groups()[:3]))
    if not strength.cost or not strength.block or not strength.lanes or strength.memory > _MAX_MEMORY:
        return None
    try:
        salt, kept = (b64decode(part, validate=True) for part in match.groups()[3:])
    except ValueError:
        return None
    return strength, salt, kept


def _normal(password: str) -> bytes:
    """Return the bytes to hash; NFKC makes a password the same from every keyboard."""
    try:
        return unicodedata.normalize("NFKC", password).encode()
    except UnicodeEncodeError as error:
        raise IdentityError("identity.password_unwritable") from error


def _runs(text: str) -> bool:
    """Return whether a text is one ascending or descending run, such as 1234567890 or abcdefghij."""
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(text)}
    if text.isdigit():
        steps = {step % 10 for step in steps}  # 9 is followed by 0
    return steps in ({1}, {-1}, {9})


@cache
def _common_passwords() -> frozenset[str]:
    text = resources.files("bixie.identity").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
