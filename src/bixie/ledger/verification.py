"""Verifies a whole ledger: events, chain, personal data, checkpoints, stamps, stored hashes, stated rows.

It trusts nothing in the database, neither triggers nor constraints: rows may be duplicated, missing or of the
wrong type. Events are read in batches, so memory does not grow with them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from cryptography.x509 import Certificate
from sqlalchemy import Row
from sqlalchemy.exc import DatabaseError, OperationalError

from bixie.access.tenancy import EveryTenantSession
from bixie.kit.canonical_json import CanonicalError, Json, decode_canonical
from bixie.kit.progress import Progress, no_progress
from bixie.ledger import repository
from bixie.ledger.clock import ClockSteps
from bixie.ledger.errors import BrokenLedger, shown
from bixie.ledger.merkle import Frontier, leaf_hash
from bixie.ledger.recorded import recorded_models
from bixie.ledger.rules import (
    CHECKPOINT_EVENT,
    ERASED_EVENT,
    GENESIS,
    KEY_EVENT,
    STAMPED_EVENT,
    Checkpoint,
    Event,
    checkpoint_from_body,
    commitment,
    event_from_body,
    hash_of_body,
)
from bixie.ledger.tree import STEP
from bixie.ledger.verifying_rows import RowVerification, find_stray_rows
from bixie.ledger.verifying_signatures import Fault, TenantSignatures, Trust
from bixie.ledger.verifying_stamps import TenantStamps

__all__ = ["Verified", "verify"]

_BATCH = 4096
"""Events read in one query: some megabytes."""


@dataclass(slots=True)
class Verified:
    """Counts of what was verified.

    Parameters
    ----------
    events, checkpoints : int
    stamps : int
        Whose signature and chain were checked.
    unchecked_stamps : int
        Of which only the message was, because no root is trusted.
    rows : int
        That agree with what the events state of them.
    clock : ClockSteps
        Where a clock went back: no fault, because the order of events does not rest on it.
    signatures : int
        On checkpoints, by a trusted key or one that it vouches for.
    unchecked_signatures : int
        By the key that the ledger itself names, because none is trusted.
    unsigned : int
        Checkpoints from before the first key.
    """

    events: int = 0
    checkpoints: int = 0
    stamps: int = 0
    unchecked_stamps: int = 0
    rows: int = 0
    clock: ClockSteps = field(default_factory=ClockSteps)
    signatures: int = 0
    unchecked_signatures: int = 0
    unsigned: int = 0


def verify(
    session: EveryTenantSession,
    roots: tuple[Certificate, ...] = (),
    progress: Progress = no_progress,
    *,
    trust: Trust = Trust(),  # noqa: B008 - it cannot be changed
) -> Verified:
    """Verify the ledgers of all tenants, one after the other.

    Parameters
    ----------
    session : EveryTenantSession
        It sees one state of the database, so that writers need not stop.
    roots : tuple of Certificate
        Trusted for stamps; without any, their signatures are not checked.
    progress : Progress
        Called after each batch of events.
    trust : Trust
        The keys of checkpoints.

    Raises
    ------
    BrokenLedger
        At the first place that does not hold.
    """
    found = Verified()
    at, recorded = "", set[str]()
    try:
        total, tenants = repository.count_all(session), repository.tenants(session)
        # What is no id comes last: the tenant that a row was taken from is named first.
        for tenant in sorted(tenants, key=lambda one: (not _is_id(one), str(one))):
            at = str(tenant)
            if not _is_id(tenant):
                raise BrokenLedger("ledger.tenant_invalid", tenant=ascii(tenant), sequence=0)
            with closing(RowVerification(session, tenant, recorded_models())) as rows:
                one = _TenantVerification(session, tenant, roots, trust, found, rows=rows)
                one.run(lambda: progress(found.events, total))
                found.rows += rows.compare()
            recorded |= rows.recorded
        if found.events != total:
            raise BrokenLedger("ledger.event_added", tenant="", sequence=0)
        for tenant in sorted(trust.signed.keys() - set(tenants)):
            said = trust.signed[tenant].said()
            raise BrokenLedger("ledger.signed_differs", tenant=tenant, sequence=0, **said)
        find_stray_rows(session, recorded_models(), recorded, set(tenants))
    except DatabaseError as error:
        # A missing table or unreadable pages are damage; a lock or a lost connection is not.
        if isinstance(error, OperationalError) and "no such" not in str(error.orig):
            raise
        reason = str(error.orig).strip().partition("\n")[0]
        raise BrokenLedger("ledger.unreadable", tenant=at, sequence=0, reason=reason) from error
    return found


def _is_id(tenant: object) -> bool:
    """Return whether a stored tenant is text that can be asked for, and not bytes or broken UTF-8."""
    return type(tenant) is str and shown(tenant) == tenant


class _TenantVerification:
    """Walks along one tenant's events and compares everything on the way."""

    def __init__(
        self,
        session: EveryTenantSession,
        tenant: str,
        roots: tuple[Certificate, ...],
        trust: Trust,
        found: Verified,
        *,
        rows: RowVerification,
    ) -> None:
        self._session = session
        self._tenant = tenant
        self._stamps = TenantStamps(roots)
        self._signatures = TenantSignatures(trust, repository.key_bodies(session, tenant))
        self._signed = trust.signed.get(tenant)
        self._found = found
        self._rows = rows
        self._frontier = Frontier()
        self._previous = GENESIS
        self._time: str | None = None
        self._began: str | None = None
        """Time of the first event."""
        self._announced: dict[int, str] = {}
        """Hashes of checkpoints that were passed and that no event has named yet, by size."""
        self._covered = 0
        """Size of the last checkpoint that was passed."""
        self._last_checkpoint = repository.last_size(session, tenant)

    def run(self, after_batch: Callable[[], None]) -> None:
        """Verify all events."""
        checkpoints = self._checkpoints()
        following = next(checkpoints, None)
        after: Any = None
        while rows := repository.events_after(self._session, self._tenant, after, _BATCH):
            after = rows[-1][0]
            begin = self._frontier.size + 1
            made: dict[tuple[int, int], bytes] = {}
            committed: list[Event] = []
            events: list[Event] = []
            for row in rows:
                event = self._event(row)
                events.append(event)
                made.update(
                    ((level, position), hash_)
                    for level, position, hash_ in self._frontier.push(leaf_hash(bytes.fromhex(row[3])))
                    if level % STEP == 0
                )
                if event.personal:
                    committed.append(event)
                self._own_event(event)
                self._last_signed(event.sequence)
                while following is not None and following.size <= event.sequence:
                    self._checkpoint(following)
                    following = next(checkpoints, None)
            self._personal(begin, committed)
            self._kept_hashes(made)
            self._rows.hear(events)
            self._found.events += len(rows)
            after_batch()
        self._end(following)

    def _event(self, row: Sequence[Any]) -> Event:
        sequence, kind, subject, hash_, body = row
        expected = self._frontier.size + 1
        if sequence != expected:
            later = type(sequence) is int and sequence > expected
            self._break("ledger.event_missing" if later else "ledger.event_added", expected)
        if type(body) is not str:  # bytes can be read as well, but hash as nothing that Bixie wrote
            self._break("ledger.event_changed", sequence)
        try:
            event = event_from_body(body)
        except CanonicalError:
            self._break("ledger.event_changed", sequence)
        if (event.tenant, event.sequence) != (self._tenant, sequence):
            self._break("ledger.event_misplaced", sequence, said=f"{event.tenant} {event.sequence}")
        if (event.type, event.subject, hash_of_body(body)) != (kind, subject, hash_):
            self._break("ledger.event_changed", sequence)
        if event.previous != self._previous:
            # This event is intact, so the intact event before it has replaced another.
            self._break("ledger.event_replaced", max(sequence - 1, 1))
        self._found.clock.follow(self._tenant, event.sequence, self._time, event.time)
        self._previous, self._time = hash_, event.time
        self._began = self._began or event.time
        return event

    def _checkpoints(self) -> Iterator[Row[int, str, str]]:
        after: Any = None
        while rows := repository.checkpoints_after(self._session, self._tenant, after, _BATCH):
            for row in rows:
                if type(row.size) is not int:
                    self._break("ledger.checkpoint_changed", 0)
                yield row
            after = rows[-1].size

    def _checkpoint(self, row: Row[int, str, str]) -> None:
        if row.size != self._frontier.size or row.size in self._announced:
            self._break("ledger.checkpoint_added", row.size)
        if type(row.body) is not str:
            self._break("ledger.checkpoint_changed", row.size)
        try:
            checkpoint = checkpoint_from_body(row.body)
        except CanonicalError:
            self._break("ledger.checkpoint_changed", row.size)
        if (checkpoint.tenant, checkpoint.size, checkpoint.root) != (self._tenant, row.size, row.root):
            self._break("ledger.checkpoint_changed", row.size)
        self._announced[row.size] = hash_of_body(row.body, Checkpoint)
        self._compare(checkpoint)
        with self._faults_at(row.size):
            self._signatures.checkpoint(row.body, self._signature(row.size))
            for authority, response in repository.responses(self._session, self._tenant, row.size):
                self._stamps.response(row.size, row.body, authority, response)
        self._covered = row.size
        self._found.checkpoints += 1

    def _compare(self, checkpoint: Checkpoint) -> None:
        if (checkpoint.root, checkpoint.head) == (self._frontier.root().hex(), self._previous):
            return
        # Was the checkpoint changed, or the events it covers? The event that names it decides.
        if self._named(checkpoint.size) == self._announced[checkpoint.size]:
            self._break("ledger.history_rewritten", self._covered + 1, size=checkpoint.size)
        self._break("ledger.checkpoint_changed", checkpoint.size)

    def _named(self, size: int) -> object:
        """Return the hash that a later event gives for the checkpoint of that size."""
        for body in repository.bodies(self._session, self._tenant, self._tenant, CHECKPOINT_EVENT):
            data = _data_of(body)
            if data.get("size") == size:
                return data.get("hash")
        return None

    def _signature(self, size: int) -> Row[str, str] | None:
        # Before the first key there is none; stores of earlier versions have not even the table.
        return (
            repository.signature_of(self._session, self._tenant, size) if self._signatures.has_key else None
        )

    def _own_event(self, event: Event) -> None:
        """Take what an event of the ledger itself says about checkpoints."""
        with self._faults_at(event.sequence):
            if event.type == CHECKPOINT_EVENT:
                self._announcement(event)
            elif event.type == STAMPED_EVENT:
                self._stamps.event(event)
            elif event.type == KEY_EVENT:
                self._signatures.key(event)

    def _last_signed(self, sequence: int) -> None:
        """Compare with what the store's own key signed last."""
        signed = self._signed
        if signed is not None and sequence == signed.size and self._frontier.root().hex() != signed.root:
            self._break("ledger.signed_differs", sequence, **signed.said())

    @contextmanager
    def _faults_at(self, sequence: int) -> Iterator[None]:
        try:
            yield
        except Fault as fault:
            at = sequence if fault.sequence is None else fault.sequence
            self._break(fault.code, at, **fault.values)

    def _announcement(self, event: Event) -> None:
        size = event.data.get("size")
        if type(size) is not int or size not in self._announced:
            self._break("ledger.checkpoint_missing", event.sequence, size=size)
        if self._announced.pop(size) != event.data.get("hash"):
            self._break("ledger.checkpoint_changed", size)

    def _personal(self, begin: int, committed: list[Event]) -> None:
        rows = repository.personal_between(self._session, self._tenant, begin, self._frontier.size)
        there: dict[tuple[int, str], tuple[str, str]] = {}
        for sequence, name, salt, value in rows:
            if (sequence, name) in there:  # one that was put beside the true one
                self._break("ledger.personal_added", sequence, name=name)
            there[sequence, name] = (salt, value)
        for event in committed:
            for name, expected in event.personal.items():
                kept = there.pop((event.sequence, name), None)
                if kept is None:
                    self._erased(event, name)
                elif _commitment_to(*kept) != expected:
                    self._break("ledger.personal_changed", event.sequence, name=name)
        if there:
            sequence, name = min(there, key=str)
            self._break("ledger.personal_added", sequence, name=name)

    def _erased(self, event: Event, name: str) -> None:
        for body in repository.bodies(self._session, self._tenant, event.subject, ERASED_EVENT):
            data = _data_of(body)
            names = data.get("names")
            if data.get("sequence") == event.sequence and type(names) is list and name in names:
                return
        self._break("ledger.personal_missing", event.sequence, name=name)

    def _kept_hashes(self, made: dict[tuple[int, int], bytes]) -> None:
        """Compare the stored hashes with those that the walk has computed."""
        for level in sorted({level for level, _ in made}):
            positions = [position for at, position in made if at == level]
            rows = repository.kept_hashes(self._session, self._tenant, level, positions[0], positions[-1] + 1)
            kept = dict(rows)
            for position in positions:
                end = (position + 1) << level
                wanted = made[level, position].hex() if end <= self._last_checkpoint else None
                if kept.get(position) != wanted:
                    self._break("ledger.kept_hash_changed", end)

    def _end(self, following: Row[int, str, str] | None) -> None:
        size = self._frontier.size
        if repository.has_two_heads(self._session, self._tenant):
            self._break("ledger.head_added", size)
        if self._signed is not None and size < self._signed.size:
            self._break("ledger.signed_differs", size, **self._signed.said())
        head = repository.head_of(self._session, self._tenant)
        if following is not None and following.size > size:
            self._break("ledger.event_missing", size + 1)
        if following is not None:
            self._break("ledger.checkpoint_added", following.size)
        if head is None or type(head.size) is not int:
            self._break("ledger.head_missing", size)
        if head.size < size:
            self._break("ledger.event_added", head.size + 1)
        if head.size > size:
            self._break("ledger.event_missing", size + 1)
        if head.hash != self._previous:
            self._break("ledger.event_replaced", size)
        if self._announced:
            self._break("ledger.checkpoint_added", min(self._announced))
        with self._faults_at(size):
            self._stamps.end()
            self._signatures.end(self._began)
        self._found.stamps += self._stamps.checked
        self._found.unchecked_stamps += self._stamps.unchecked
        self._found.signatures += self._signatures.checked
        self._found.unchecked_signatures += self._signatures.unchecked
        self._found.unsigned += self._signatures.unsigned

    def _break(self, code: str, sequence: Any, **values: object) -> NoReturn:
        number = sequence if type(sequence) is int else 0
        raise BrokenLedger(code, tenant=self._tenant, sequence=number, **values)


def _commitment_to(salt: Any, value: Any) -> str | None:
    """Return the commitment to a stored salt and value; None if they are malformed."""
    try:
        return commitment(bytes.fromhex(salt), decode_canonical(value))
    except (CanonicalError, ValueError, TypeError, AttributeError):
        return None


def _data_of(body: Any) -> Mapping[str, Json]:
    """Return an event's data to look ahead; empty for a malformed event, which the walk reports later."""
    try:
        return event_from_body(body).data
    except (CanonicalError, TypeError, AttributeError):
        return {}
