"""How long the next attempt to log in must wait: it slows an attacker down without locking the victim out.

A lock on the account would let anybody who knows a login name lock its owner out. So attempts from elsewhere
never delay the owner:

- Failures are counted for an account *from a source* (an address, or a network where one customer has a whole
  one). After some free ones the wait doubles with each failure, up to a quarter of an hour.
- Failures of a source over all accounts are counted as well, against trying one password on many accounts.
- Failures of an account over all sources cause no wait. Many of them are the sign of a guessing botnet; then
  a new source has one free attempt only.
- A device on which the person has logged in before carries a signed token and has a count of its own. Without
  the token nobody can raise that count, and the other counts do not apply to the device.
- Wrong second factors are counted by account: raising that count takes the password.

The remaining price: a botnet has one attempt a quarter of an hour from each of its addresses. The length of
passwords, the list of refused ones and the second factor make up for that.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["FORGOTTEN_AFTER", "Bucket", "Buckets", "buckets_for", "source_of", "wait"]

FORGOTTEN_AFTER = timedelta(hours=24)
_MAX_WAIT = timedelta(minutes=15)
_FREE = 5
_FREE_UNDER_ATTACK = 1
_ATTACK = 50
"""Failures of one account in a day over all sources: more than a forgetful owner makes."""
_FREE_OF_SOURCE = 50
"""People of an office behind one address mistype often in a day."""
_FREE_OF_DEVICE = 10
_FREE_OF_CODE = 10
_NETWORK_BITS = {4: 32, 6: 64}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The state of one count.

    Parameters
    ----------
    failures : int
    last : datetime or None
        When the last one was.
    """

    failures: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Buckets:
    """Names of the counts that one attempt falls into; each is the hash of what it is about.

    Parameters
    ----------
    counted : tuple of str
        Counts that the attempt adds to.
    account : str
        Count of the account over all sources.
    code : str
        Count of wrong second factors.
    device : bool
        Whether the first count is that of a known device.
    """

    counted: tuple[str, ...]
    account: str
    code: str
    device: bool

    def wait(self, known: dict[str, Bucket], now: datetime) -> timedelta:
        """Return how long the attempt must wait; zero when it may be made now."""
        first = known.get(self.counted[0], Bucket())
        if self.device:
            return wait(first, _FREE_OF_DEVICE, now)
        attacked = _remembered(known.get(self.account, Bucket()), now) >= _ATTACK
        source = known.get(self.counted[1], Bucket())
        return max(
            wait(first, _FREE_UNDER_ATTACK if attacked else _FREE, now), wait(source, _FREE_OF_SOURCE, now)
        )

    def wait_for_code(self, known: dict[str, Bucket], now: datetime) -> timedelta:
        """Return how long a second factor must wait; a known device has its own count before this."""
        return timedelta() if self.device else wait(known.get(self.code, Bucket()), _FREE_OF_CODE, now)


def wait(bucket: Bucket, free: int, now: datetime) -> timedelta:
    """Return what is left of the wait after a count's last failure: 1, 2, 4 … seconds past the free ones."""
    over = _remembered(bucket, now) - free
    if over < 0 or bucket.last is None:
        return timedelta()
    seconds = min(2 ** min(over, 20), int(_MAX_WAIT.total_seconds()))
    return max(bucket.last + timedelta(seconds=seconds) - now, timedelta())


def buckets_for(account: str, source: str, device: str | None, pepper: bytes) -> Buckets:
    """Return the counts of an attempt.

    Parameters
    ----------
    account : str
        The login name as typed: unknown names are counted like known ones.
    source : str
        From `source_of`.
    device : str or None
        Id of the device, where a genuine token of this account named one.
    pepper : bytes
        A secret of the tenant: without it the counts do not give away addresses and names.
    """

    def name(*parts: str) -> str:
        # ascii(): unambiguous between parts, and defined for every text.
        return hashlib.blake2b(ascii(parts).encode(), key=pepper[:64], digest_size=16).hexdigest()

    of_account, code = name("account", account), name("code", account)
    if device is not None:
        return Buckets((name("device", account, device),), of_account, code, device=True)
    counted = (name("pair", account, source), name("source", source), of_account)
    return Buckets(counted, of_account, code, device=False)


def source_of(address: str) -> str:
    """Return what counts as one source: an IPv4 address, an IPv6 network of 64 bits, or the text itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, _NETWORK_BITS[found.version]), strict=False))


def _remembered(bucket: Bucket, now: datetime) -> int:
    if bucket.last is None or now - bucket.last > FORGOTTEN_AFTER:
        return 0
    return bucket.failures
