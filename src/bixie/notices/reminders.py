"""Reminds the sides that owe duties of cases: in Bixie, by e-mail, and programs by webhook."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.cases.duties.sweeper import Reminded
from bixie.cases.words import Side
from bixie.identity.repository import people
from bixie.kit.calendar import CHINA
from bixie.kit.due_time import moment_in_zone
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.notices.service import Message, Recipient, emit_each, notify_each
from bixie.orders.repository import numbers

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["DUTY_REMINDED", "remind_of_duties"]

DUTY_REMINDED = "case.duty_reminded"
"""Event of webhooks."""
_LANGUAGE: Language = "zh"


def remind_of_duties(session: TenantSession, reminded: Sequence[Reminded], clock: Clock = utc_now) -> None:
    """Tell the sides that owe duties, in the caller's transaction.

    A merchant that runs Bixie itself is told through its clerks, or its administrators where it has none.
    What the platform owes is in its queue of reviews; only its programs are told.
    """
    orders = numbers(session, [one.case.order_id for one in reminded])
    clerks = _clerks(session) if any(_is_own(one) for one in reminded) else []
    messages = []
    for one in reminded:
        party = _party(one)
        recipients = [Recipient(party=party)] if party else clerks if _is_own(one) else []
        message = _message(one, orders.get(one.case.order_id, one.case.id))
        messages += [(message, to) for to in recipients]
    notify_each(session, messages, clock)
    facts = [(_facts(one), [one.case.party, one.case.buyer]) for one in reminded]
    emit_each(session, DUTY_REMINDED, facts, clock=clock)


def _party(one: Reminded) -> str:
    """Return the party that owes; empty for the tenant itself, and for a buyer that has none."""
    return {Side.BUYER: one.case.buyer, Side.MERCHANT: one.case.party}.get(one.duty.owner, "")


def _is_own(one: Reminded) -> bool:
    """Return whether the tenant's own clerks owe it."""
    return one.duty.owner is Side.MERCHANT and not one.case.party


def _clerks(session: TenantSession) -> list[Recipient]:
    """Return the people who answer claims for a merchant that runs Bixie itself."""
    own = [one for one in people(session, None) if one.party is None and one.disabled_at is None]
    by_role = ([one for one in own if one.role == role] for role in (Role.CLERK, Role.ADMIN))
    return [Recipient(person=one.id) for one in next(filter(None, by_role), [])]


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
