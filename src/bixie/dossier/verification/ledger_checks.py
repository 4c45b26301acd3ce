"""The ledger extract: events, their proofs, the checkpoint, its key, exhibits, opened commitments."""

import hmac
from collections.abc import Sequence
from itertools import pairwise

from bixie.dossier.errors import PackageFaultError
from bixie.dossier.package.contents import EVENTS, EXHIBITS, OPENINGS, PROOFS
from bixie.dossier.package.seal import SEAL
from bixie.dossier.verification.checks import Check, fault, passed, refused, unchecked
from bixie.dossier.verification.opened import Opened
from bixie.kit.canonical_json import CanonicalError
from bixie.ledger.merkle import leaf_hash, verify_inclusion
from bixie.ledger.rules import (
    KEY_EVENT,
    Checkpoint,
    Event,
    checkpoint_from_body,
    commitment,
    event_from_body,
    hash_of_body,
    signed_message,
)
from bixie.ledger.signing import PublicKey

__all__ = ["checkpoint", "events", "exhibits", "key", "openings"]

_BAD_DOCUMENT = (AttributeError, KeyError, TypeError, ValueError)


def events(opened: Opened) -> Check:
    """Check that each event leads to the checkpoint, and remember events and checkpoint."""
    try:
        proofs = opened.document(PROOFS)
        opened.checkpoint = made = checkpoint_from_body(proofs["checkpoint"])
        bodies = opened.read(EVENTS).decode().splitlines()
        if not bodies:
            raise PackageFaultError("package.unreadable", EVENTS)
        read = {event_from_body(body).sequence: (event_from_body(body), body) for body in bodies}
        if len(read) != len(bodies) or list(read) != sorted(read) or {*proofs["paths"]} != {*map(str, read)}:
            raise PackageFaultError("package.unreadable", PROOFS)
        for sequence, (event, body) in read.items():
            path = [bytes.fromhex(one) for one in proofs["paths"][str(sequence)]]
            if event.tenant != made.tenant or not _leads(body, sequence, path, made):
                return fault("events", "event", f"{EVENTS}:{sequence}", sequence=sequence)
        broken = _broken_chain(list(read.values()))
    except PackageFaultError as found:
        return refused("events", found)
    except (CanonicalError, *_BAD_DOCUMENT):
        return fault("events", "unreadable_ledger", EVENTS)
    if broken is not None:
        return fault("events", "event", f"{EVENTS}:{broken}", sequence=broken)
    opened.events = {sequence: event for sequence, (event, _) in read.items()}
    return passed("events", count=len(read), size=made.size)


def checkpoint(opened: Opened) -> Check:
    """Check the signature of the checkpoint."""
    proofs, made = opened.document(PROOFS), opened.checkpoint
    if made is None or proofs.get("signature") is None:
        return unchecked("checkpoint", "checkpoint")
    signer = _signer(proofs)
    if signer is None or not signer.signed(signed_message(proofs["checkpoint"]), proofs["signature"]):
        return fault("checkpoint", "checkpoint", PROOFS)
    return passed("checkpoint", size=made.size, time=made.time)


def key(opened: Opened, trusted: Sequence[PublicKey]) -> Check:
    """Check that one key signed package and checkpoint, and that it is one that the reader trusts."""
    proofs, sealing = opened.document(PROOFS), opened.seal.public
    named = [one.data.get("public") for one in opened.events.values() if one.type == KEY_EVENT]
    if proofs.get("signature") is not None and _signer(proofs) != sealing:
        return fault("key", "two_keys", PROOFS)
    if named and named[-1] != sealing.text:
        return fault("key", "two_keys", EVENTS)
    if trusted and sealing not in trusted:
        return fault("key", "foreign_key", SEAL, public=sealing.raw.hex())
    if not trusted:
        return unchecked("key", "key", public=sealing.raw.hex())
    return passed("key", public=sealing.raw.hex())


def exhibits(opened: Opened) -> Check:
    """Check that each exhibit is the file whose hash the ledger has recorded."""
    try:
        listed = opened.document(EXHIBITS, list)
        for one in listed:
            if one["path"] is None:  # erased, or not in this reader's part of the case
                continue
            event, file = opened.events.get(one["event"]), opened.manifest.files.get(one["path"])
            recorded = event is not None and event.subject == one["id"] and event.data.get("sha256")
            if file is None or not recorded or file.sha256 != recorded:
                return fault("exhibits", "exhibit", str(one["path"]), id=str(one["id"]))
    except PackageFaultError as found:
        return refused("exhibits", found)
    except _BAD_DOCUMENT:
        return fault("exhibits", "unreadable_exhibits", EXHIBITS)
    return passed("exhibits", count=sum(one["path"] is not None for one in listed))


def openings(opened: Opened) -> Check:
    """Check that each opened value is the one that the ledger is bound to."""
    try:
        listed = opened.document(OPENINGS, list)
        for one in listed:
            event = opened.events.get(one["sequence"])
            committed = event.personal.get(one["name"], "") if event else ""
            value = commitment(bytes.fromhex(one["salt"]), one["value"])
            if not hmac.compare_digest(committed, value):
                return fault("openings", "opening", OPENINGS, name=str(one["name"]), sequence=one["sequence"])
    except PackageFaultError as found:
        return refused("openings", found)
    except (CanonicalError, *_BAD_DOCUMENT):
        return fault("openings", "unreadable_openings", OPENINGS)
    return passed("openings", count=len(listed))


def _leads(body: str, sequence: int, path: list[bytes], made: Checkpoint) -> bool:
    leaf = leaf_hash(bytes.fromhex(hash_of_body(body)))
    return verify_inclusion(leaf, sequence - 1, made.size, path, bytes.fromhex(made.root))


def _broken_chain(read: list[tuple[Event, str]]) -> int | None:
    """Return the first event that does not name the one before it, where that is in the extract."""
    for (before, body), (after, _) in pairwise(read):
        if after.sequence == before.sequence + 1 and after.previous != hash_of_body(body):
            return after.sequence
    return None


def _signer(proofs: dict[str, str]) -> PublicKey | None:
    try:
        return PublicKey.from_text(proofs["public"])
    except _BAD_DOCUMENT:
        return None
