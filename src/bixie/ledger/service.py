"""Appends events, erases personal data, and makes checkpoints and proofs.

Everything happens inside the caller's transaction, so an event and the change it records are committed
together. Only `stamp` begins its own, so that no lock is held while an authority answers.
"""

import logging
import secrets
from collections.abc import Sequence
from functools import partial
from hashlib import sha256

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.kit.canonical_json import CanonicalError, Json
from bixie.kit.ids import Entropy
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger import repository
from bixie.ledger.clock import time_back
from bixie.ledger.errors import (
    LedgerError,
    NoKeyError,
    NoSuchEventError,
    NotCoveredError,
    SignedOtherwiseError,
)
from bixie.ledger.event_rows import EventRows
from bixie.ledger.keys import announcement, current_key, signer_of
from bixie.ledger.last_signed import Signed, memory_of
from bixie.ledger.merkle import inclusion_proof, root_hash
from bixie.ledger.models import (
    LedgerCheckpoint,
    LedgerEvent,
    LedgerHead,
    LedgerNode,
    LedgerSignature,
    LedgerStamp,
)
from bixie.ledger.new_event import NewEvent, with_statements
from bixie.ledger.proofs import CheckpointSignature, Proof, Stamp
from bixie.ledger.rules import (
    CHECKPOINT_EVENT,
    ERASED_EVENT,
    KEY_EVENT,
    STAMPED_EVENT,
    Checkpoint,
    Event,
    event_from_body,
    hash_of_body,
    signed_message,
)
from bixie.ledger.signing import Signer, key_file_of
from bixie.ledger.timestamps import Authority
from bixie.ledger.tree import KeptTree
from bixie.store.unit_of_work import Store

__all__ = [
    "NewEvent",
    "append",
    "change_key",
    "checkpoint",
    "erase",
    "erase_about",
    "lock",
    "prove",
    "stamp",
]

_log = logging.getLogger(__name__)


def lock(session: TenantSession) -> None:
    """Lock the tenant's ledger: other transactions cannot append for the rest of this one.

    For a check and a write that belong together, such as "add it unless it exists".
    """
    repository.locked_head(session)


def append(
    session: TenantSession,
    events: Sequence[NewEvent],
    clock: Clock = utc_now,
    entropy: Entropy = secrets.token_bytes,
) -> list[Event]:
    """Append events to the principal's tenant's ledger, in this order.

    Appending locks the tenant's row for the rest of the transaction. A clock that has gone back stops
    nothing: events have the time that it says, and the log has a warning.

    Raises
    ------
    CanonicalError
        When something of an event cannot be written exactly.
    LedgerError
        ``ledger.too_large``.
    """
    with session.no_autoflush:  # rows are written once, with their numbers
        head = repository.locked_head(session)
        last = repository.event_at(session, head.size)
    time = format_timestamp(clock())
    if last is not None:
        _tell_if_clock_went_back(last, time)
    rows = EventRows(session.principal.id, time, entropy)
    written = []
    for new in events:
        first, *others = with_statements(session, new, head.size + 1)
        written.append(rows.add(head, first))
        for more in others:
            rows.add(head, more)
    session.flush()
    rows.insert(session)
    return written


def erase(
    session: TenantSession, sequence: int, names: Sequence[str], clock: Clock = utc_now
) -> Event | None:
    """Erase personal data of an event; the ledger keeps their commitments and records the erasure.

    Parameters
    ----------
    session : TenantSession
    sequence : int
        Of the event.
    names : sequence of str
        Which; those that are gone already are passed over.
    clock : callable

    Returns
    -------
    Event or None
        The event that says so; None when there was nothing to erase.

    Raises
    ------
    LedgerError
        ``ledger.no_such_event``.
    """
    repository.locked_head(session)  # two concurrent erasures of the same data must append one event
    event = repository.event_at(session, sequence)
    if event is None:
        raise NoSuchEventError("ledger.no_such_event", sequence=sequence)
    there = sorted({one.name for one in repository.personal_of(session, sequence)} & set(names))
    if not there:
        return None
    repository.delete_personal(session, sequence, there)
    data: dict[str, Json] = {"sequence": sequence, "names": there}
    return append(session, [NewEvent(ERASED_EVENT, event.subject, data)], clock)[0]


def erase_about(session: TenantSession, subject: str, clock: Clock = utc_now) -> None:
    """Erase all personal data of the events about a thing; see `erase`."""
    for event in repository.events_about(session, subject):
        names = [one.name for one in repository.personal_of(session, event.sequence)]
        if names:
            erase(session, event.sequence, names, clock)


def checkpoint(session: TenantSession, clock: Clock = utc_now) -> Checkpoint | None:
    """Make a checkpoint over all events of the tenant, sign it, and append the event that names it.

    Returns
    -------
    Checkpoint or None
        None when nothing has happened since the last one.

    Raises
    ------
    NoKeyError
        ``ledger.key_missing`` where the key that signs this ledger is not here.
    SignedOtherwiseError
        ``ledger.signed_otherwise`` where the key has signed another history.
    SettingError
        When the file with the key, or what it last signed, cannot be read.
    """
    head = repository.locked_head(session)
    last = repository.latest_checkpoint(session)
    covered = last.size if last else 0
    news = repository.has_news(session, covered)
    if not news and not (last and _waits_for_signature(session, last)):
        return None
    signer = signer_of(session)
    if signer is not None and current_key(session) != signer.public:
        append(session, [NewEvent(KEY_EVENT, head.tenant, announcement(session, signer, None))], clock)
    tree = _tree(session)
    for level, position, hash_ in tree.grow(covered, head.size):
        session.add(LedgerNode(tenant=head.tenant, level=level, position=position, hash=hash_.hex()))
    if signer is not None:
        _refuse_another_history(session, head, tree)
    root = root_hash(head.size, tree).hex()
    made = Checkpoint(head.tenant, head.size, root, head.hash, format_timestamp(clock()))
    body = made.body()
    session.add(LedgerCheckpoint(tenant=made.tenant, size=made.size, root=made.root, body=body))
    data: dict[str, Json] = {"size": made.size, "hash": hash_of_body(body, Checkpoint)}
    if signer is not None:
        data["signer"] = key = signer.public.id
        signature = signer.sign(signed_message(body))
        session.add(LedgerSignature(tenant=made.tenant, size=made.size, signer=key, signature=signature))
        if memory := memory_of(session.info):
            memory.remember_after_commit(session, made.tenant, Signed(made.size, made.root))
    append(session, [NewEvent(CHECKPOINT_EVENT, head.tenant, data)], clock)
    return made


def stamp(store: Store, principal: Principal, authority: Authority) -> bool:
    """Get a time stamp for the newest checkpoint unless it has one of this authority.

    Returns
    -------
    bool
        Whether a stamp was added.

    Raises
    ------
    LedgerError
        ``ledger.authority_unreachable`` or ``ledger.stamp_invalid``: the checkpoint stays as it is.
    """
    with reading(store, principal) as session:
        newest = repository.unstamped(session, authority.url)
    if newest is None:
        return False
    response = authority.stamp(newest.body.encode())
    with writing(store, principal) as session:
        repository.locked_head(session)  # a concurrent transaction may have stored a stamp
        if any(one.authority == authority.url for one in repository.stamps_of(session, newest.size)):
            return False
        session.add(
            LedgerStamp(tenant=newest.tenant, size=newest.size, authority=authority.url, response=response)
        )
        said = {"size": newest.size, "authority": authority.url, "sha256": sha256(response).hexdigest()}
        append(session, [NewEvent(STAMPED_EVENT, newest.tenant, said)])
    return True


def change_key(
    session: TenantSession,
    signer: Signer,
    former: Signer | None,
    clock: Clock = utc_now,
    *,
    lost: bool = False,
) -> Event | None:
    """Have another key sign the tenant's checkpoints from now on.

    Parameters
    ----------
    session : TenantSession
    signer : Signer
        The new key.
    former : Signer, optional
        The key until now.
    clock : callable
    lost : bool
        Whether the change may stand without the signature of the key until now.

    Returns
    -------
    Event or None
        None where it signs already, and where no key has signed yet: the first checkpoint will name it.

    Raises
    ------
    NoKeyError
        ``ledger.key_missing`` when `former` is not the key that the ledger names, unless that is lost.
    """
    repository.locked_head(session)
    current = current_key(session)
    if current is None or current == signer.public:
        return None
    vouching = former if former is not None and former.public == current else None
    if vouching is None and not lost:
        raise NoKeyError("ledger.key_missing", signer=current.id)
    data = announcement(session, signer, vouching)
    return append(session, [NewEvent(KEY_EVENT, session.principal.tenant, data)], clock)[0]


def prove(session: TenantSession, sequence: int) -> Proof:
    """Return the proof that an event is in the ledger, by the newest checkpoint that covers it.

    Raises
    ------
    LedgerError
        ``ledger.no_such_event``; ``ledger.not_covered`` until a checkpoint covers it; ``ledger.damaged``
        where what is kept does not make a proof.
    """
    event = repository.event_at(session, sequence)
    if event is None:
        raise NoSuchEventError("ledger.no_such_event", sequence=sequence)
    covering = repository.checkpoint_covering(session, sequence)
    if covering is None:
        raise NotCoveredError("ledger.not_covered", sequence=sequence)
    stamps = repository.stamps_of(session, covering.size)
    signed = repository.signed_by(session, covering)
    try:
        path = inclusion_proof(sequence - 1, covering.size, _tree(session))
        proof = Proof(
            event=event.body,
            checkpoint=covering.body,
            path=tuple(path),
            stamps=tuple(Stamp(one.authority, one.response) for one in stamps),
            signature=CheckpointSignature(*signed) if signed else None,
        )
        proof.check()  # never return a proof that fails
    except (LookupError, ValueError, LedgerError) as error:
        raise LedgerError("ledger.damaged", sequence=sequence) from error
    return proof


def _waits_for_signature(session: TenantSession, last: LedgerCheckpoint) -> bool:
    """Return whether there is a key by now and the last checkpoint is from before."""
    if key_file_of(session.info) is None:
        return False
    return repository.signature_of(session, last.tenant, last.size) is None


def _refuse_another_history(session: TenantSession, head: LedgerHead, tree: KeptTree) -> None:
    """Raise where the ledger does not begin with what was signed last: the key would vouch for a forgery."""
    memory = memory_of(session.info)
    signed = memory.last(head.tenant) if memory else None
    if memory is None or signed is None:
        return
    try:
        found = root_hash(signed.size, tree).hex() if signed.size <= head.size else None
    except LookupError:  # events are missing
        found = None
    if found != signed.root:
        raise SignedOtherwiseError(
            "ledger.signed_otherwise",
            tenant=head.tenant,
            size=signed.size,
            root=signed.root,
            events=head.size,
            found=found or "–",
            file=memory.name_of(head.tenant),
        )


def _tree(session: TenantSession) -> KeptTree:
    return KeptTree(partial(repository.hashes, session))


def _tell_if_clock_went_back(last: LedgerEvent, time: str) -> None:
    try:
        back = time_back(event_from_body(last.body).time, time)
    except CanonicalError:  # verifying reports it; what is new is kept all the same
        return
    if back:
        _log.warning("the clock went back by %.0f s since event %d", back.total_seconds(), last.sequence)
