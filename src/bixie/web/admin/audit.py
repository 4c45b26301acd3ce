"""``/admin/audit``: who signed in or failed to, and who changed people, keys and passwords."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from bixie.identity.audit.schemas import EntryOut
from bixie.identity.audit.service import LAST, TYPES, Entry, newest
from bixie.kit.messages import Text, catalogue
from bixie.web.admin.frame import admin_page, admin_visit
from bixie.web.services import Services

__all__ = ["Line", "lines_of", "router"]

_PATH = "/admin/audit"
_LINES = 50
_PACKAGE = "bixie.web.admin"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the audit in words.

    Parameters
    ----------
    entry : EntryOut
    name : Text
        What happened.
    more : tuple of Text
        What else is known: counts, reasons.
    """

    entry: EntryOut
    name: Text
    more: tuple[Text, ...]


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def audit(request: Request, type: str = "", about: str = "", before: int = LAST) -> Response:  # noqa: A002
        visit = admin_visit(request, services)
        with visit.call().reading() as session:
            found = newest(
                session,
                about or None,
                min(before, LAST),
                _LINES + 1,
                kind=type if type in TYPES else None,
            )
        lines = lines_of(found[:_LINES])
        older = lines[-1].entry.sequence if len(found) > _LINES else None
        kinds = {kind: _name(kind) for kind in TYPES}
        return admin_page(visit, "audit.html", lines=lines, kinds=kinds, type=type, about=about, older=older)

    return routes


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """Return entries of the audit in words."""
    found = []
    for entry in entries:
        shown = EntryOut.of(entry)
        found.append(Line(shown, _name(shown.type), tuple(_more(shown))))
    return found


def _name(kind: str) -> Text:
    words = catalogue(_PACKAGE)
    key = f"event.{kind}"
    return words.text(key) if key in words.sentences else Text(kind, kind)


def _more(entry: EntryOut) -> Iterable[Text]:
    words = catalogue(_PACKAGE)
    for name in ("count", "failures", "reason", "role", "wait_s", "sessions_ended"):
        value = entry.data.get(name)
        if value in (None, 0):
            continue
        coded = f"{name}.{value}"
        if coded in words.sentences:
            yield words.text(coded)
        elif f"more.{name}" in words.sentences:
            yield words.text(f"more.{name}", value=value)
