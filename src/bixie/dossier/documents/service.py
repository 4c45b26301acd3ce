"""The papers of a case, for whoever asks for a side of it."""

from contextlib import closing
from dataclasses import dataclass

from bixie.access.principal import Principal
from bixie.access.tenancy import reading
from bixie.cases.opening import found
from bixie.cases.words import Side
from bixie.dossier.building.material import material_of, report_documents
from bixie.dossier.documents.facts import CaseFacts, facts_of
from bixie.dossier.documents.sheet import Sheet, sheet_of
from bixie.dossier.documents.writing import offered, template_for, until_text
from bixie.kit.messages import Language, Text
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store

__all__ = ["OfferedPaper", "fill_paper", "offered_papers"]


@dataclass(frozen=True, slots=True)
class OfferedPaper:
    """A paper that a side can write now.

    Parameters
    ----------
    kind : str
    name, why : Text
    languages : tuple of str
    until : Text or None
        Until when it is in time, and by which law.
    """

    kind: str
    name: Text
    why: Text
    languages: tuple[Language, ...]
    until: Text | None


def offered_papers(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    case_id: str,
    *,
    side: Side,
    clock: Clock = utc_now,
) -> list[OfferedPaper]:
    """Return the papers that a side can write about a case, in the order in which they are used.

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case``.
    """
    facts = _facts(store, principal, blobs, case_id, side=side, clock=clock)
    papers = []
    for one in offered(side, facts):
        zh, en = (until_text(one, facts.act, language) for language in ("zh", "en"))
        until = Text(en=en, zh=zh) if zh and en else None
        papers.append(OfferedPaper(one.kind, one.name, one.why, one.languages, until))
    return papers


def fill_paper(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    case_id: str,
    kind: str,
    *,
    side: Side,
    language: Language,
    clock: Clock = utc_now,
) -> Sheet:
    """Return a paper filled from a case.

    Raises
    ------
    PaperError
        ``no_such_paper``.
    NoSuchCaseError
        ``cases.no_such_case``.
    """
    template = template_for(kind, side, language)
    facts = _facts(store, principal, blobs, case_id, side=side, clock=clock)
    return sheet_of(template, facts, language, clock)


def _facts(
    store: Store, principal: Principal, blobs: Blobs, case_id: str, *, side: Side, clock: Clock
) -> CaseFacts:
    def read(sha256: str) -> bytes:
        with closing(blobs.open(principal.tenant, sha256)) as file:
            return file.read()

    with reading(store, principal) as session:
        case = found(session, case_id)
        reports = report_documents(material_of(session, case), read)
        return facts_of(session, case, side, [document for _, document in reports], clock)
