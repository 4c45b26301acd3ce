"""Finds the pack that a claim is heard by, and the pack of an earlier decision."""

from datetime import datetime

from bixie.access.tenancy import TenantSession
from bixie.cases.errors import CaseError
from bixie.cases.event_parts import PackReference
from bixie.kit.calendar import CHINA
from bixie.policies import Pack, builtin_packs

__all__ = ["pack_by", "pack_in_force", "reference_to"]


def pack_in_force(session: TenantSession, moment: datetime) -> Pack:
    """Return the pack that a claim filed at a moment is heard by.

    Raises
    ------
    CaseError
        ``cases.no_pack``.
    """
    del session
    day = moment.astimezone(CHINA).date()
    found = [pack for pack in builtin_packs() if pack.state == "published" and pack.in_force(day)]
    if not found:
        raise CaseError("cases.no_pack", day=day.isoformat())
    return max(found, key=lambda pack: pack.version)


def pack_by(session: TenantSession, reference: PackReference) -> Pack:
    """Return a pack in the version that a case refers to.

    Raises
    ------
    CaseError
        ``cases.pack_is_gone``.
    """
    del session
    for pack in builtin_packs():
        if reference_to(pack) == reference:
            return pack
    raise CaseError("cases.pack_is_gone", pack=reference.id, version=reference.version)


def reference_to(pack: Pack) -> PackReference:
    """Return how a case refers to a pack."""
    return PackReference(id=pack.id, version=pack.version, sha256=pack.sha256)
