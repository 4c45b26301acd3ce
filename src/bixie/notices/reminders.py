"""Reminds the sides that owe duties of cases: in Bixie, by e-mail, and programs by webhook."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.cases.duties.sweeper import Reminded
from bixie.kit.calendar import CHINA
from bixie.kit.due_time import moment_in_zone
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.notices.case_sides import CaseRecipients
from bixie.notices.service import Message, emit_each, notify_each
from bixie.orders.repository import numbers

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["DUTY_REMINDED", "remind_of_duties"]

DUTY_REMINDED = "case.duty_reminded"
"""Event of webhooks."""
_LANGUAGE: Language = "zh"


def remind_of_duties(session: TenantSession, reminded: Sequence[Reminded], clock: Clock = utc_now) -> None:
    """Tell the sides that owe duties, in the caller's transaction."""
    orders = numbers(session, [one.case.order_id for one in reminded])
    recipients = CaseRecipients(session)
    messages = []
    for one in reminded:
        message = _message(one, orders.get(one.case.order_id, one.case.id))
        messages += [(message, to) for to in recipients.of(one.case, one.duty.owner)]
    notify_each(session, messages, clock)
    events = [(DUTY_REMINDED, _facts(one), [one.case.party, one.case.buyer]) for one in reminded]
    emit_each(session, events, clock=clock)


def _message(one: Reminded, order: str) -> Message:
    words, duty = catalogue("bixie.cases"), one.duty
    values = {
        "claim": order,
        "what": words.text(f"duty.{duty.kind}").in_(_LANGUAGE),
        "until": moment_in_zone(duty.due_at, CHINA).in_(_LANGUAGE),
        "then": words.text(f"timeout.{duty.kind}.{duty.on_timeout}").in_(_LANGUAGE),
    }
    return Message("duty_reminder", values, about=one.case.id, language=_LANGUAGE)


def _facts(one: Reminded) -> "Mapping[str, Json]":
    duty = one.duty
    return {
        "case": one.case.id,
        "duty": duty.id,
        "kind": str(duty.kind),
        "owner": str(duty.owner),
        "due_at": format_timestamp(duty.due_at),
        "on_timeout": str(duty.on_timeout),
    }
