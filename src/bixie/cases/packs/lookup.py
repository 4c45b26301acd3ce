"""Finds the pack that a claim is heard by, and the pack of an earlier decision."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from bixie.access.tenancy import TenantSession
from bixie.cases.errors import CaseError
from bixie.cases.event_parts import PackReference
from bixie.cases.packs import repository
from bixie.cases.packs.models import PolicyPack
from bixie.kit.calendar import CHINA
from bixie.kit.canonical_json import encode_canonical
from bixie.policies import Pack, PackKey, Record, builtin_packs

__all__ = ["pack_by", "pack_in_force", "pack_of_row", "packs_of_records", "reference_to"]


def pack_in_force(session: TenantSession, moment: datetime) -> Pack:
    """Return the pack that a claim filed at a moment is heard by: the tenant's own, else Bixie's.

    Raises
    ------
    CaseError
        ``cases.no_pack``.
    """
    day = moment.astimezone(CHINA).date()
    own = repository.in_force(session, day.isoformat())
    if own is not None:
        return pack_of_row(own)
    found = [pack for pack in builtin_packs() if pack.state == "published" and pack.in_force(day)]
    if not found:
        raise CaseError("cases.no_pack", day=day.isoformat())
    return max(found, key=lambda pack: pack.version)


def pack_by(session: TenantSession, reference: PackReference) -> Pack:
    """Return a pack in the version that a case refers to, whatever became of it since.

    Raises
    ------
    CaseError
        ``cases.pack_is_gone``.
    """
    found = _same(builtin_packs(), reference)
    if found is None:  # only then is the store asked: most cases are heard by Bixie's own
        row = repository.with_hash(session, reference.id, reference.version, reference.sha256)
        found = None if row is None else _same((pack_of_row(row),), reference)
    if found is None:
        raise CaseError("cases.pack_is_gone", pack=reference.id, version=reference.version)
    return found


def packs_of_records(session: TenantSession, records: Iterable[Record]) -> list[Pack]:
    """Return the packs that records of decisions name; one that is gone is left out."""
    found: dict[PackKey, Pack] = {}
    for record in records:
        key = record.pack
        if key not in found:
            try:
                found[key] = pack_by(session, PackReference(**key.model_dump()))
            except CaseError:
                continue
    return list(found.values())


def pack_of_row(row: PolicyPack) -> Pack:
    """Return the pack of a row."""
    return _parsed(encode_canonical(row.body))


def reference_to(pack: Pack) -> PackReference:
    """Return how a case refers to a pack."""
    return PackReference(id=pack.id, version=pack.version, sha256=pack.sha256)


def _same(packs: Iterable[Pack], reference: PackReference) -> Pack | None:
    # Compared whole: a body may have been changed in the database.
    return next((pack for pack in packs if reference_to(pack) == reference), None)


@lru_cache(maxsize=64)
def _parsed(body: bytes) -> Pack:
    pack: Pack = Pack.model_validate_json(body)
    return pack
