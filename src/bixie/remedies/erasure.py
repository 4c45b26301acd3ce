"""Erases the texts of a case, and with them the references that lead from its remedies to a person."""

from bixie.access.tenancy import TenantSession
from bixie.cases.erasure import erase_texts
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, erase_about
from bixie.remedies import repository

__all__ = ["erase_case"]


def erase_case(session: TenantSession, case_id: str, clock: Clock = utc_now) -> int:
    """Erase what people wrote in a closed case, and what the outside calls its remedies.

    Returns
    -------
    int
        How many texts and references were erased now.

    Raises
    ------
    CaseError
        Those of `bixie.cases.erasure.erase_texts`.
    """
    erased = erase_texts(session, case_id, clock)
    for remedy in repository.page(session, None, None, case_id=case_id):
        if remedy.reference:
            remedy.reference = None
            append(session, [NewEvent("remedy.reference_erased", remedy.id, rows=(remedy,))], clock)
            erase_about(session, remedy.id, clock)
            erased += 1
    return erased
