"""The ledger extract: the events about a case and its things, with proofs to one signed checkpoint."""

from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from bixie.access.tenancy import TenantSession
from bixie.dossier.building.disclosure import disclose
from bixie.dossier.package.contents import EVENTS, OPENINGS, PROOFS, REDACTIONS, STAMPS
from bixie.kit.canonical_json import Json, encode_canonical
from bixie.kit.timestamps import format_optional
from bixie.ledger import repository
from bixie.ledger.errors import LedgerError
from bixie.ledger.merkle import inclusion_proof
from bixie.ledger.rules import Event, event_from_body
from bixie.ledger.tree import KeptTree
from bixie.ledger.witnesses.repository import handovers

__all__ = ["WITNESSES", "Extract", "extract"]

WITNESSES = "ledger/witnesses.json"


@dataclass(frozen=True, slots=True)
class Extract:
    """A ledger extract.

    Parameters
    ----------
    events : tuple of Event
        By their numbers.
    files : dict of str to bytes
        Its files by their paths.
    redactions : list
        See `bixie.dossier.building.disclosure`.
    """

    events: tuple[Event, ...]
    files: dict[str, bytes]
    redactions: list[Json]


def extract(session: TenantSession, subjects: Collection[str], size: int) -> Extract:
    """Return the events about some things, proven by the checkpoint over `size` events or a later one.

    Raises
    ------
    LedgerError
        ``ledger.damaged`` where what is kept does not make a proof.
    """
    bodies = _bodies(session, subjects, size)
    events = tuple(map(event_from_body, bodies))
    shown = disclose(events, repository.personal_of_any(session, [one.sequence for one in events]))
    proofs, stamps = _proofs(session, events, size)
    documents = {
        PROOFS: proofs,
        STAMPS: stamps,
        OPENINGS: shown.openings,
        REDACTIONS: shown.redactions,
        WITNESSES: _witnesses(session),
    }
    files = {path: encode_canonical(value) for path, value in documents.items()}
    return Extract(
        events, {**files, EVENTS: "".join(f"{one}\n" for one in bodies).encode()}, shown.redactions
    )


def _bodies(session: TenantSession, subjects: Collection[str], size: int) -> list[str]:
    about = [body for _, body in repository.events_about_any(session, subjects)]
    about += repository.key_bodies(session, session.principal.tenant)
    numbered = {event_from_body(body).sequence: body for body in about}
    return [body for sequence, body in sorted(numbered.items()) if sequence <= size]


def _proofs(session: TenantSession, events: Sequence[Event], size: int) -> tuple[Json, list[Json]]:
    covering = repository.checkpoint_covering(session, size)
    if covering is None:
        raise LedgerError("ledger.damaged", sequence=size)
    tree = KeptTree(partial(repository.hashes, session))
    try:
        paths = {
            str(one.sequence): [each.hex() for each in inclusion_proof(one.sequence - 1, covering.size, tree)]
            for one in events
        }
    except LookupError as error:
        raise LedgerError("ledger.damaged", sequence=covering.size) from error
    public, signature = repository.signed_by(session, covering) or (None, None)
    proofs = {"checkpoint": covering.body, "paths": paths, "public": public, "signature": signature}
    stamps: list[Json] = [
        {"authority": one.authority, "response": b64encode(one.response).decode()}
        for one in repository.stamps_of(session, covering.size)
    ]
    return proofs, stamps


def _witnesses(session: TenantSession) -> list[Json]:
    """Return who was told checkpoints, and how far: whom to ask beside this package."""
    return [
        {"witness": one.witness, "size": one.size, "told_at": format_optional(one.told_at)}
        for one in handovers(session)
    ]
