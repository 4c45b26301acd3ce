"""What a buyer does in a case: each form becomes the request that a program would send, for the buyer's side.

A refusal shows the page again, with what was typed and the sentence above it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from bixie.access.call import Call
from bixie.cases import api, hearing_api
from bixie.cases.requests import Asked
from bixie.cases.schemas import (
    AcceptIn,
    AppealIn,
    CaseOut,
    LowerIn,
    MessageIn,
    MoreTimeIn,
    RejectIn,
    SaidIn,
    SupplementIn,
)
from bixie.kit.errors import BixieError
from bixie.kit.money import Money, fen_from_yuan
from bixie.web.buyer.fields import Given, files_of
from bixie.web.buyer.visits import BuyerVisit
from bixie.web.errors import WebError

__all__ = ["FORMS", "act"]

_Act = Callable[[Call, str, Given, "_Files"], object]


class _Files:
    """Keeps the files of a form when they are asked for: not every form takes any."""

    def __init__(self, call: Call, order_id: str, given: Given) -> None:
        self._asked = (call, order_id, given)

    def fields(self) -> dict[str, Any]:
        """Return what is said and shown, as the requests take it."""
        return {"text": self._asked[2].text("text"), "exhibits": list(files_of(*self._asked))}


_BUYER = Asked(side=None, zone=None)


def _answer(call: Call, case: str, given: Given, files: _Files) -> object:
    complete = given.text("complete") == "yes"
    return api.supplement(call, case, SupplementIn(complete=complete, **files.fields()), _BUYER)


def _accept(call: Call, case: str, given: Given, _files: _Files) -> object:
    return api.accept(call, case, AcceptIn(offer=given.text("offer")), _BUYER)


def _refuse(call: Call, case: str, given: Given, _files: _Files) -> object:
    return api.reject(call, case, RejectIn(text=given.text("text"), reason=None), _BUYER)


def _escalate(call: Call, case: str, _given: Given, files: _Files) -> object:
    return api.escalate(call, case, SaidIn(**files.fields()), _BUYER)


def _withdraw(call: Call, case: str, given: Given, _files: _Files) -> object:
    return api.withdraw(call, case, SaidIn(text=given.text("text")), _BUYER)


def _appeal(call: Call, case: str, given: Given, files: _Files) -> object:
    return api.appeal(call, case, AppealIn(reason=given.text("reason"), **files.fields()), _BUYER)


def _message(call: Call, case: str, given: Given, _files: _Files) -> object:
    return hearing_api.add_message(call, case, MessageIn(text=given.text("text")), _BUYER)


def _person(call: Call, case: str, _given: Given, _files: _Files) -> object:
    return hearing_api.ask_for_person(call, case, _BUYER)


def _more_time(call: Call, case: str, given: Given, _files: _Files) -> object:
    return hearing_api.more_time(call, case, MoreTimeIn(reason=given.text("reason")), _BUYER)


def _lower(call: Call, case: str, given: Given, _files: _Files) -> object:
    currency = api.get_case(call, case, _BUYER).claim.amount.currency
    minor = fen_from_yuan(given.text("amount"), "amount")
    return hearing_api.lower_amount(call, case, LowerIn(amount=Money(minor=minor, currency=currency)), _BUYER)


def _send_return(call: Call, case: str, given: Given, files: _Files) -> object:
    carrier, number = given.text("carrier"), given.text("number")
    if not carrier or not number:
        raise WebError("web.carrier_missing", 422)
    said = files.fields() | {"text": f"{carrier} {number}"}
    return hearing_api.send_return(call, case, SaidIn(**said), _BUYER)


def _have_goods(call: Call, case: str, _given: Given, _files: _Files) -> object:
    return hearing_api.send_back(call, case, SaidIn(), _BUYER)


def _nothing_came(call: Call, case: str, given: Given, _files: _Files) -> object:
    return hearing_api.not_received(call, case, SaidIn(text=given.text("text")), _BUYER)


FORMS: Mapping[str, _Act] = {
    "answer": _answer,
    "accept": _accept,
    "refuse": _refuse,
    "escalate": _escalate,
    "withdraw": _withdraw,
    "appeal": _appeal,
    "message": _message,
    "person": _person,
    "more-time": _more_time,
    "amount": _lower,
    "return": _send_return,
    "send-back": _have_goods,
    "not-received": _nothing_came,
}
"""By the last part of the form's address."""


def act(visit: BuyerVisit, form: str, given: Given) -> BixieError | None:
    """Do what a form says; return the refusal, if there is one."""
    call = visit.call(given.once)
    try:
        case: CaseOut = api.get_case(visit.call(), visit.case, _BUYER)
        FORMS[form](call, visit.case, given, _Files(visit.call(), case.claim.order_id, given))
    except ValidationError as error:
        fields = ", ".join(dict.fromkeys(str(one["loc"][0]) for one in error.errors() if one["loc"]))
        return WebError("web.invalid", 422, fields=fields)
    except BixieError as refusal:
        if refusal.status >= 500:
            raise
        return refusal
    return None
