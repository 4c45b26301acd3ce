"""The forms of a case: each calls what the API calls, and comes back to the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.principal import Role
from bixie.cases.api import decide, negotiate
from bixie.cases.hearing_api import add_message, get_file, settle
from bixie.cases.letters.api import preview_letters
from bixie.cases.requests import Asked
from bixie.cases.reviews.api import add_conflict, claim_review, release_review
from bixie.kit.errors import BixieError
from bixie.web.console.case_page import case_page
from bixie.web.console.forms import AskForm, ConflictForm, DecisionForm, MessageForm, SentForm, SettleForm
from bixie.web.pages import refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["PATH", "REVIEWERS", "router"]

PATH = "/console"
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})
_CASE = f"{PATH}/cases/{{case_id}}"
_ASKED = Asked(side=None, zone=None)
_Plain = Annotated[SentForm, Form()]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form that was sent about a case."""

    visit: Visit
    case_id: str

    def do(self, work: Callable[[], object], back: str = "", **typed: Any) -> Response:
        """Do it and go back to the page; a refusal shows the page with what was typed."""
        try:
            work()
        except BixieError as error:
            return self.refused(error, **typed)
        return RedirectResponse(f"{PATH}/cases/{quote(self.case_id, safe='')}{back}", 303)

    def refused(self, error: BixieError, **typed: Any) -> Response:
        refusal = refusal_of(self.visit.request, error)
        return case_page(self.visit, self.case_id, error.status, refusal=refusal, **typed)


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    def sent(request: Request, case_id: str, form: SentForm) -> _Sent:
        return _Sent(visit_of(request, services, REVIEWERS, csrf=form.csrf), case_id)

    _add_holding(routes, sent)
    _add_talking(routes, sent)
    _add_deciding(routes, sent)
    return routes


_Opens = Callable[[Request, str, SentForm], _Sent]


def _add_holding(routes: APIRouter, sent: _Opens) -> None:
    @routes.post(f"{_CASE}/claim")
    def claim(request: Request, case_id: str, form: _Plain) -> Response:
        one = sent(request, case_id, form)
        return one.do(lambda: claim_review(one.visit.call(), case_id))

    @routes.post(f"{_CASE}/release")
    def release(request: Request, case_id: str, form: _Plain) -> Response:
        one = sent(request, case_id, form)
        return one.do(lambda: release_review(one.visit.call(), case_id))

    @routes.post(f"{_CASE}/conflict")
    def report_tie(request: Request, case_id: str, form: Annotated[ConflictForm, Form()]) -> Response:
        one = sent(request, case_id, form)
        return one.do(lambda: add_conflict(one.visit.call(form.once), form.given()))


def _add_talking(routes: APIRouter, sent: _Opens) -> None:
    @routes.post(f"{_CASE}/file")
    def serve(request: Request, case_id: str, form: _Plain) -> Response:
        one = sent(request, case_id, form)
        return one.do(lambda: get_file(one.visit.call(), case_id, _ASKED))

    @routes.post(f"{_CASE}/messages")
    def write(request: Request, case_id: str, form: Annotated[MessageForm, Form()]) -> Response:
        one = sent(request, case_id, form)
        call = one.visit.call(form.once)
        return one.do(lambda: add_message(call, case_id, form.given(), _ASKED), "#thread", message=form)

    @routes.post(f"{_CASE}/asks")
    def ask(request: Request, case_id: str, form: Annotated[AskForm, Form()]) -> Response:
        one = sent(request, case_id, form)
        call = one.visit.call(form.once)
        return one.do(lambda: negotiate(call, case_id, form.given(), _ASKED), asking=form)


def _add_deciding(routes: APIRouter, sent: _Opens) -> None:
    @routes.post(f"{_CASE}/settle")
    def settle_rest(request: Request, case_id: str, form: Annotated[SettleForm, Form()]) -> Response:
        one = sent(request, case_id, form)
        call = one.visit.call(form.once)
        return one.do(lambda: settle(call, case_id, form.given(), _ASKED), settling=form)

    @routes.post(f"{_CASE}/decision")
    def rule(request: Request, case_id: str, form: Annotated[DecisionForm, Form()]) -> Response:
        one = sent(request, case_id, form)
        if form.step == "change":
            return case_page(one.visit, case_id, decision=form)
        if form.step == "confirm":
            call = one.visit.call(form.once)
            return one.do(lambda: decide(call, case_id, form.given(), _ASKED), decision=form)
        try:
            letters = preview_letters(one.visit.call(), case_id, form.given())
        except BixieError as error:
            return one.refused(error, decision=form)
        return case_page(one.visit, case_id, decision=form, letters=letters)
