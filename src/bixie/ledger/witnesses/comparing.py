"""Holds a verified ledger against what witnesses were told: finds a cut, a fork and a rewrite."""

from collections.abc import Iterable

from bixie.access.tenancy import EveryTenantSession
from bixie.ledger import repository
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.verifying_signatures import Trust, trusted_by
from bixie.ledger.witnesses import repository as witnessed
from bixie.ledger.witnesses.reading import Witnessed
from bixie.ledger.witnesses.statements import Statement

__all__ = ["compare"]


def compare(session: EveryTenantSession, said: Iterable[Witnessed], trust: Trust) -> int:
    """Compare the ledgers with what was said about them; return how many statements were compared.

    Verify the ledgers before, in the same session, and read the witnesses before it was opened: a
    checkpoint that is told meanwhile would look as if it had been cut off.

    Raises
    ------
    BrokenLedger
        ``ledger.witness_ahead`` where a witness was told more events than there are,
        ``ledger.witness_differs`` where it was told others, ``ledger.witness_invalid`` for a signature that
        is not of a trusted key, ``ledger.checkpoint_missing``.
    """
    comparison, count = _Comparison(session, trust), 0
    for count, one in enumerate(said, 1):  # noqa: B007 - the last count is what is returned
        comparison.take(one)
    return count


class _Comparison:
    def __init__(self, session: EveryTenantSession, trust: Trust) -> None:
        self._session = session
        self._trust = trust
        self._sizes: dict[str, int] = {}
        self._trusted: dict[str, frozenset[str]] = {}

    def take(self, one: Witnessed) -> None:
        self._check_signature(one)
        if one.tenant not in self._sizes:
            head = repository.head_of(self._session, one.tenant)
            self._sizes[one.tenant] = head.size if head is not None else 0
        if one.size > self._sizes[one.tenant]:
            self._break("ledger.witness_ahead", one, self._sizes[one.tenant] + 1)
        body = witnessed.checkpoint_body(self._session, one.tenant, one.size)
        if body is not None and Statement(body).body_hash == one.body_hash:
            return
        # The chain was verified: where the last hash is the same, so are all events before it.
        if body is None and witnessed.event_hash(self._session, one.tenant, one.size) == one.head:
            self._break("ledger.checkpoint_missing", one, one.size)
        self._break("ledger.witness_differs", one, one.size)

    def _check_signature(self, one: Witnessed) -> None:
        if one.tenant not in self._trusted:
            bodies = repository.key_bodies(self._session, one.tenant)
            self._trusted[one.tenant] = trusted_by(self._trust, bodies)
        strange = self._trust.keys and one.signer not in self._trusted[one.tenant]
        if one.signed and (one.signer is None or strange):
            self._break("ledger.witness_invalid", one, one.size)

    def _break(self, code: str, one: Witnessed, sequence: int) -> None:
        raise BrokenLedger(
            code, tenant=one.tenant, sequence=sequence, size=one.size, source=one.source, line=one.line
        )
