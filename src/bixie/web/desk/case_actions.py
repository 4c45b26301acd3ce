"""``POST /desk/cases/{id}/…``: what the merchant answers, each by the function of the API that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.access.call import Call
from bixie.cases import api as cases
from bixie.cases import challenge_api, drafts_api, files_api, hearing_api
from bixie.cases.challenge import ON_PAPER
from bixie.cases.challenge_schemas import ChallengeIn
from bixie.cases.requests import Asked
from bixie.cases.schemas import (
    AcceptIn,
    AppealIn,
    CaseOut,
    InspectionIn,
    MessageIn,
    MoreTimeIn,
    NegotiateIn,
    RejectIn,
    SaidIn,
    SupplementIn,
)
from bixie.kit.errors import BixieError
from bixie.web.desk.case_page import CASES, case_answer
from bixie.web.desk.forms import FormFields, SentForm, model_of
from bixie.web.desk.sides import CLERKS, asked_at_desk
from bixie.web.desk.typed import Typed
from bixie.web.errors import WebError
from bixie.web.pages import language_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["router"]

_OWN_FILES = "other"
"""What the merchant's file shows where the form does not say."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form that was sent about a case.

    Parameters
    ----------
    visit : Visit
    call : Call
    case_id : str
    asked : Asked
    form : FormFields
    """

    visit: Visit
    call: Call
    case_id: str
    asked: Asked
    form: FormFields

    @property
    def text(self) -> str:
        """What the merchant wrote."""
        return self.form.text("text").replace("\r\n", "\n").strip()

    def case(self) -> CaseOut:
        """Return the case as it is now."""
        return cases.get_case(self.call, self.case_id, self.asked)


def _accept(sent: _Sent) -> None:
    given = model_of(AcceptIn, text=sent.text, offer=sent.form.text("offer") or None)
    cases.accept(sent.call, sent.case_id, given, sent.asked)


def _reject(sent: _Sent) -> None:
    given = model_of(RejectIn, text=sent.text, reason=sent.form.text("reason") or None)
    cases.reject(sent.call, sent.case_id, given, sent.asked)


def _negotiate(sent: _Sent) -> None:
    form = sent.form.text("form")
    values: dict[str, object] = {}
    if form == "ask_evidence":
        asks = sent.form.texts("asks")
        word = sent.form.text("code_word").strip() or None
        values = {"asks": asks, "code_word": word if ON_PAPER in asks else None}
    elif form == "propose":
        values = _proposed(sent)
    given = model_of(NegotiateIn, form=form, text=sent.text, **values)
    cases.negotiate(sent.call, sent.case_id, given, sent.asked)


def _proposed(sent: _Sent) -> dict[str, object]:
    """Return an offer: a share of what was paid, or an outcome; goods are those of the claim."""
    level = sent.form.text("damage_level")
    if level:
        return {"damage_level": level}
    claim, kind = sent.case().claim, sent.form.text("kind")
    amount = sent.form.money("amount", claim.amount.currency)
    items = [] if kind == "refund" else claim.items
    return {"outcome": {"kind": kind, "amount": amount, "items": items}}


def _supplement(sent: _Sent) -> None:
    given = model_of(SupplementIn, text=sent.text, complete=bool(sent.form.text("complete")))
    cases.supplement(sent.call, sent.case_id, given, sent.asked)


def _appeal(sent: _Sent) -> None:
    given = model_of(AppealIn, reason=sent.form.text("reason"), text=sent.text)
    cases.appeal(sent.call, sent.case_id, given, sent.asked)


def _message(sent: _Sent) -> None:
    given = model_of(MessageIn, text=sent.text, audience=sent.form.text("audience") or "all")
    hearing_api.add_message(sent.call, sent.case_id, given, sent.asked)


def _challenge(sent: _Sent) -> None:
    given = model_of(
        ChallengeIn,
        exhibit=sent.form.text("exhibit"),
        asks=sent.form.texts("asks"),
        language=language_of(sent.visit.request),
    )
    challenge_api.challenge_picture(sent.call, sent.case_id, given, sent.asked)


def _more_time(sent: _Sent) -> None:
    given = model_of(MoreTimeIn, reason=sent.form.text("reason"))
    hearing_api.more_time(sent.call, sent.case_id, given, sent.asked)


def _inspection(sent: _Sent) -> None:
    given = model_of(InspectionIn, inspection=sent.form.text("inspection"), text=sent.text)
    hearing_api.receive_return(sent.call, sent.case_id, given, sent.asked)


def _send_back(sent: _Sent) -> None:
    given = model_of(SaidIn, text=sent.text)
    hearing_api.send_back(sent.call, sent.case_id, given, sent.asked)


def _nothing(_sent: _Sent) -> None:
    """Only the files of the form are wanted."""


def _discard(sent: _Sent) -> None:
    drafts_api.discard_draft(sent.call, sent.case_id, sent.asked)


_ACTIONS: Mapping[str, Callable[[_Sent], None]] = {
    "accept": _accept,
    "reject": _reject,
    "negotiate": _negotiate,
    "supplement": _supplement,
    "appeal": _appeal,
    "messages": _message,
    "challenge": _challenge,
    "more-time": _more_time,
    "inspection": _inspection,
    "send-back": _send_back,
    "upload": _nothing,
    "draft": _discard,
}


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.post(f"{CASES}/{{case_id}}/file")
    def open_file(request: Request, case_id: str, form: SentForm) -> Response:
        visit = visit_of(request, services, CLERKS, csrf=form.csrf)
        call = visit.call(form.once)
        asked = asked_at_desk(visit, call, case_id)
        shown = hearing_api.get_file(call, case_id, asked)
        return visit.page("desk/file.html", case=cases.get_case(call, case_id, asked), file=shown)

    @routes.post(f"{CASES}/{{case_id}}/{{action}}")
    @body_limit(lambda limits: limits.max_file_bytes + FORM_BYTES)
    def act(request: Request, case_id: str, action: str, form: SentForm) -> Response:
        visit = visit_of(request, services, CLERKS, csrf=form.csrf)
        do = _ACTIONS.get(action)
        if do is None:
            raise WebError("web.no_such_page", 404)
        call = visit.call(form.once)
        sent = _Sent(visit, call, case_id, asked_at_desk(visit, call, case_id), form)
        try:
            _keep_files(sent)
            do(sent)
        except BixieError as error:
            if error.status == 404:
                raise
            return case_answer(visit, case_id, refusal=error, typed=Typed(action, form.written()))
        return RedirectResponse(f"{CASES}/{case_id}?done={action}", 303)

    return routes


def _keep_files(sent: _Sent) -> None:
    """Hand in what the merchant shows, before the answer that rests on it; the same file counts once."""
    role = sent.form.text("role") or _OWN_FILES
    for number, file in enumerate(sent.form.files("file")):
        call = sent.visit.call(f"{sent.form.once}-file{number}" if sent.form.once else None)
        files_api.upload_file(call, sent.case_id, asked=sent.asked, file=file, role=role)
