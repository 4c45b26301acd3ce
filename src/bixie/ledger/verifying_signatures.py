"""Verifies who signed a tenant's checkpoints: against keys that are trusted, or against each other alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bixie.kit.canonical_json import CanonicalError
from bixie.kit.timestamps import format_timestamp
from bixie.ledger.last_signed import Signed, memory_of
from bixie.ledger.rules import Event, event_from_body, key_message, signed_message
from bixie.ledger.signing import PublicKey, key_file_of

__all__ = ["FIRST_SIGNATURE_WITHIN", "Fault", "TenantSignatures", "Trust", "own_trust", "trusted_by"]

FIRST_SIGNATURE_WITHIN = timedelta(days=1)
"""A worker makes a checkpoint within minutes; it may not have been running."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known from outside of the database about who signs.

    Parameters
    ----------
    keys : tuple of PublicKey
        Without any, signatures are only held against the keys that the ledger itself names.
    must_sign : bool
        Whether every ledger with events must have a signature of theirs: whoever was told the key knows that
        there is one, even where an intruder has removed every trace of it.
    exempt_since : datetime, optional
        Ledgers that began then or later need none yet: their first checkpoint may be still to come.
    signed : mapping
        What the store's own key signed last, by tenant: ledgers must begin with it.
    """

    keys: tuple[PublicKey, ...] = ()
    must_sign: bool = False
    exempt_since: datetime | None = None
    signed: Mapping[str, Signed] = field(default_factory=dict)

    def must_have_signed(self, began: str | None) -> bool:
        """Return whether a ledger must have a signature, by the time of its first event."""
        if not self.must_sign or self.exempt_since is None or began is None:
            return self.must_sign
        return began < format_timestamp(self.exempt_since)  # they sort as text


def own_trust(about: Mapping[str, object], now: datetime) -> Trust:
    """Return the trust in the key that a store's own settings name; in none where there is no key.

    A ledger without any signature of it is a fault once both have had a day to meet: the key, by the time of
    its file, and the ledger, by its first event.

    Parameters
    ----------
    about : Mapping
        Of the store.
    now : datetime

    Raises
    ------
    SettingError
        When the file with the key, or what it signed last, cannot be read.
    """
    file = key_file_of(about)
    signer = file.signer() if file else None
    memory = memory_of(about)
    signed = memory.all() if memory else {}
    if file is None or signer is None:
        return Trust(signed=signed)
    since = now - FIRST_SIGNATURE_WITHIN
    at_hand = file.path.stat().st_mtime < since.timestamp()
    return Trust((signer.public, *signer.former), must_sign=at_hand, exempt_since=since, signed=signed)


class Fault(Exception):  # noqa: N818 - the caller says where, and raises the finding
    """What does not hold.

    Parameters
    ----------
    code : str
    sequence : object
        Number of the event or size of the checkpoint; None where the caller knows it.
    **values
        For the sentence.
    """

    def __init__(self, code: str, sequence: object = None, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.sequence = sequence
        self.values = values


@dataclass(frozen=True, slots=True)
class _Change:
    """An event that names a key."""

    tenant: str
    key: PublicKey
    former: str | None
    signature: object
    former_signature: object

    @classmethod
    def read(cls, event: Event) -> "_Change":
        """Return what an event says; raises ValueError for what names no key."""
        data: Mapping[str, Any] = event.data
        try:
            key = PublicKey.from_text(data["public"])
            change = cls(event.tenant, key, data["former"], data["signature"], data["former_signature"])
        except (KeyError, TypeError) as error:
            raise ValueError(str(error)) from error
        if data.get("key") != key.id or not isinstance(change.former, str | None):
            raise ValueError(key.id)
        return change

    @property
    def message(self) -> bytes:
        return key_message(self.tenant, self.key.id, self.key.text, self.former)


def trusted_by(trust: Trust, bodies: Sequence[Any]) -> frozenset[str]:
    """Return the ids of the keys that are trusted, and of those that these vouch for.

    One key vouches for another where both have signed that the one follows the other.

    Parameters
    ----------
    trust : Trust
    bodies : sequence
        Bodies of the events that name keys, as kept: what cannot be read is passed over.
    """
    links, public = [], {}
    for body in bodies:
        try:
            change = _Change.read(event_from_body(body))
        except (CanonicalError, ValueError, TypeError, AttributeError):
            continue
        public[change.key.id] = change.key
        former = public.get(change.former or "")
        if (
            former is not None
            and change.key.signed(change.message, change.signature)
            and former.signed(change.message, change.former_signature)
        ):
            links.append({former.id, change.key.id})
    trusted = {one.id for one in trust.keys}
    for _ in links:  # each round follows at least one link, if there is one to follow
        for link in links:
            if link & trusted:
                trusted |= link
    return frozenset(trusted)


class TenantSignatures:
    """Walks along the checkpoints of one tenant.

    Parameters
    ----------
    trust : Trust
    bodies : sequence
        As `trusted_by` takes them.
    """

    def __init__(self, trust: Trust, bodies: Sequence[Any]) -> None:
        self._trust = trust
        self._trusted = trusted_by(trust, bodies)
        self._current: PublicKey | None = None
        self.checked = self.unchecked = self.unsigned = 0

    def key(self, event: Event) -> None:
        """Take an event that names a key.

        Raises
        ------
        Fault
            ``ledger.key_changed``; ``ledger.key_untrusted`` for a key that is not trusted and that no trusted
            one vouches for, though it may have signed nothing yet.
        """
        try:
            change = _Change.read(event)
        except ValueError as error:
            raise Fault("ledger.key_changed") from error
        before = self._current
        fits = change.former == (before.id if before else None)
        vouched = change.former_signature is None or (
            before is not None and before.signed(change.message, change.former_signature)
        )
        if not fits or not vouched or not change.key.signed(change.message, change.signature):
            raise Fault("ledger.key_changed")
        if self._trust.keys and change.key.id not in self._trusted:
            raise Fault("ledger.key_untrusted", signer=change.key.id)
        self._current = change.key

    @property
    def has_key(self) -> bool:
        """Whether an event has named a key by now."""
        return self._current is not None

    def checkpoint(self, body: str, signed: Sequence[object] | None) -> None:
        """Take a checkpoint with the signer and the signature that stand beside it.

        Raises
        ------
        Fault
            ``ledger.checkpoint_unsigned``, ``ledger.signature_invalid`` or ``ledger.key_untrusted``.
        """
        current = self._current
        if current is None:
            self.unsigned += 1
            return
        if signed is None:
            raise Fault("ledger.checkpoint_unsigned")
        signer, signature = signed
        if signer != current.id or not current.signed(signed_message(body), signature):
            raise Fault("ledger.signature_invalid", signer=signer)
        if not self._trust.keys:
            self.unchecked += 1
        elif current.id in self._trusted:
            self.checked += 1
        else:
            raise Fault("ledger.key_untrusted", signer=signer)

    def end(self, began: str | None = None) -> None:
        """Take the end of the ledger, which has events.

        Parameters
        ----------
        began : str, optional
            Time of the first event.

        Raises
        ------
        Fault
            ``ledger.checkpoint_unsigned`` where there must be a signature and is none.
        """
        if not self.checked and self._trust.must_have_signed(began):
            raise Fault("ledger.checkpoint_unsigned")
