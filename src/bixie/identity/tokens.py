"""Random secrets that are displayed once and stored as a hash: API keys, sessions, recovery codes.

They are random and too long to be guessed, so one SHA-256 is enough. Keys and session tokens name their
tenant, so only that tenant's rows are searched.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from bixie.identity.errors import CredentialError
from bixie.kit.ids import Entropy

__all__ = [
    "KeyText",
    "SessionText",
    "csrf_token",
    "is_csrf_token",
    "new_recovery_code",
    "new_salt",
    "new_secret",
    "recovery_text",
    "same_hash",
    "secret_hash",
]

_ID = "[0-9a-hjkmnp-tv-z]{26}"
_KEY = re.compile(rf"bixie_({_ID})_({_ID})_([\w-]{{43}})", re.ASCII)
_SESSION = re.compile(rf"({_ID})\.([\w-]{{43}})", re.ASCII)
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_RECOVERY_LETTERS = 16
_SECRET_BYTES = 32
_SALT_BYTES = 16
_PREFIX = b"bixie.identity.secret/1\n"
_CSRF_PREFIX = b"bixie.identity.csrf/1\n"


@dataclass(frozen=True, slots=True)
class KeyText:
    """An API key as it is written: ``bixie_<tenant>_<key>_<secret>``.

    Parameters
    ----------
    tenant, key : str
        Ids. The text up to the secret may be displayed again, to tell keys apart.
    secret : str
        43 letters: 32 random bytes.
    """

    tenant: str
    key: str
    secret: str

    def __str__(self) -> str:
        return f"{self.prefix}{self.secret}"

    @property
    def prefix(self) -> str:
        """The part before the secret."""
        return f"bixie_{self.tenant.removeprefix('tenant_')}_{self.key.removeprefix('key_')}_"

    @classmethod
    def read(cls, text: str) -> "KeyText":
        """Return the parts of a key.

        Raises
        ------
        CredentialError
            ``identity.key_unknown``.
        """
        match = _KEY.fullmatch(text)
        if match is None:
            raise CredentialError("identity.key_unknown")
        tenant, key, secret = match.groups()
        return cls(f"tenant_{tenant}", f"key_{key}", secret)


@dataclass(frozen=True, slots=True)
class SessionText:
    """A session's token as the cookie has it: ``<tenant>.<secret>``.

    Parameters
    ----------
    tenant, secret : str
    """

    tenant: str
    secret: str

    def __str__(self) -> str:
        return f"{self.tenant.removeprefix('tenant_')}.{self.secret}"

    @classmethod
    def read(cls, text: str) -> "SessionText":
        """Return the parts of a token.

        Raises
        ------
        CredentialError
            ``identity.session_ended``.
        """
        match = _SESSION.fullmatch(text)
        if match is None:
            raise CredentialError("identity.session_ended")
        return cls(f"tenant_{match[1]}", match[2])


def new_secret(entropy: Entropy) -> str:
    """Return 32 random bytes as 43 letters."""
    return urlsafe_b64encode(entropy(_SECRET_BYTES)).decode().rstrip("=")


def new_salt(entropy: Entropy) -> str:
    """Return a salt."""
    return entropy(_SALT_BYTES).hex()


def new_recovery_code(entropy: Entropy) -> str:
    """Return a code of 80 random bits in four groups that a person can write down."""
    number = int.from_bytes(entropy(10))
    letters = "".join(_LETTERS[number >> 5 * index & 31] for index in range(_RECOVERY_LETTERS))
    return "-".join(letters[start : start + 4] for start in range(0, _RECOVERY_LETTERS, 4))


def recovery_text(typed: str) -> str:
    """Return a typed recovery code in the form it was created with."""
    letters = "".join(typed.split()).replace("-", "").lower().translate(str.maketrans("oil", "011"))
    return "-".join(letters[start : start + 4] for start in range(0, min(len(letters), 40), 4))


def secret_hash(secret: str, salt: str = "") -> str:
    """Return the hash that is stored for a secret, 64 hexadecimal digits."""
    return hashlib.sha256(_PREFIX + salt.encode() + b"\n" + secret.encode()).hexdigest()


def same_hash(one: str, other: str) -> bool:
    """Return whether two hashes are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def csrf_token(session: str) -> str:
    """Return the token for the forms of a session's pages; another site cannot know it."""
    digest = hmac.digest(session.encode(), _CSRF_PREFIX, "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def is_csrf_token(text: str, session: str) -> bool:
    """Return whether a form's token belongs to the session."""
    return hmac.compare_digest(text.encode(errors="replace"), csrf_token(session).encode())
