"""Tells witnesses the checkpoints that they were not told yet; what one does not take is tried again."""

from bixie.access.principal import Principal
from bixie.access.tenancy import reading, writing
from bixie.jobs.errors import typed_error
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.models import LedgerHandover
from bixie.ledger.proofs import CheckpointSignature
from bixie.ledger.witnesses import repository
from bixie.ledger.witnesses.statements import Statement, Witness
from bixie.store.unit_of_work import Store

__all__ = ["tell_witness"]

_AT_ONCE = 100
"""Checkpoints told in one round, so that a new round can begin where one was stopped."""


def tell_witness(store: Store, principal: Principal, witness: Witness, clock: Clock = utc_now) -> None:
    """Tell a witness the tenant's checkpoints since the last one it took; a new witness only the newest.

    No transaction is open while the witness is asked.

    Raises
    ------
    WitnessError
        The first refusal; it is recorded, and what was taken before it counts.
    CanonicalError
        The same for a checkpoint that is damaged.
    """
    with reading(store, principal) as session:
        told = repository.handover(session, witness.name)
        size = told.size if told else 0  # 0 as well where it has taken none so far
        rows = repository.checkpoints_to_tell(session, size or None, _AT_ONCE)
    failure: Exception | None = None
    try:
        for body, signed in rows:
            statement = Statement(body, CheckpointSignature(*signed) if signed else None)
            said = statement.checkpoint  # raises for a damaged one, which no witness is to keep
            witness.tell(statement)
            size = said.size
    except Exception as error:  # what was taken before must not be told again
        failure = error
    if not rows:
        return
    with writing(store, principal) as session:
        row = repository.handover(session, witness.name)
        if row is None:
            row = LedgerHandover(tenant=principal.tenant, witness=witness.name, size=0)
            session.add(row)
        if size > row.size:
            row.size, row.told_at = size, clock()
        row.failed_at, row.error = (clock(), typed_error(failure).text.en) if failure else (None, None)
    if failure is not None:
        raise failure
