"""The page of a case as an answer: with what was typed, and why it was refused."""

from typing import Any

from fastapi import Response

from bixie.web.console.case_view import case_view
from bixie.web.pages import language_of, zone_key_of
from bixie.web.visits import Visit

__all__ = ["case_page"]

_TIES = ("family", "employment", "business", "dispute", "other")
_TYPED = ("refusal", "message", "asking", "decision", "letters", "settling")


def case_page(
    visit: Visit, case_id: str, status: int = 200, /, *, level: int | None = None, **typed: Any
) -> Response:
    """Return the page of a case.

    Parameters
    ----------
    visit : Visit
    case_id : str
    status : int
    level : int, optional
        Damage in per cent, for the suggestion.
    **typed
        ``refusal``, the sentence above; ``message``, ``asking``, ``decision`` and
        ``settling``, forms as they were sent;
        ``letters`` of the decision.
    """
    request = visit.request
    view = case_view(visit.call(), case_id, language_of(request), zone=zone_key_of(request), level=level)
    values = dict.fromkeys(_TYPED) | typed
    return visit.page("console/case.html", status, view=view, ties=_TIES, level=level, **values)
