"""A case as a clerk reads it on a terminal: what is asked for, what comes next, what happened."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from bixie.cli.language import say
from bixie.kit.messages import Language
from bixie.kit.timestamps import parse_timestamp

if TYPE_CHECKING:
    from bixie.cases.schemas import CaseOut, CaseSummary, DutyOut, MessageOut
    from bixie.kit.money import Money
    from bixie.remedies.schemas import RemedyOut

__all__ = ["amount_of", "case_page", "local", "status_of"]

_OPEN = ("open", "paused")


def case_page(
    case: "CaseOut", remedies: "Sequence[RemedyOut]", zone: tzinfo, language: Language
) -> list[str]:
    """Return the lines that show a case.

    Parameters
    ----------
    case : CaseOut
        As the reader's side sees it.
    remedies : sequence of RemedyOut
    zone : tzinfo
        In which times are shown.
    language : {"zh", "en"}
    """
    return [
        *_head(case, language),
        *_section("next", _next_steps(case, language), language),
        *_section("duties", (_duty(one, zone, language) for one in case.duties), language),
        *_section("exhibits", _exhibits(case, language), language),
        *_section("decisions", _decisions(case, zone, language), language),
        *_section("remedies", (_remedy(one, language) for one in remedies), language),
        *_section("thread", _thread(case, zone, language), language),
    ]


def local(time: str | None, zone: tzinfo) -> str:
    """Return a time of the API to the minute, in a zone, or a dash."""
    return "–" if time is None else _moment(time, zone)


def amount_of(amount: "Money") -> str:
    """Return an amount for people: ``¥19.99``."""
    from bixie.kit.money import yuan_from_fen  # noqa: PLC0415

    if amount.currency == "CNY":
        return f"¥{yuan_from_fen(amount.minor)}"
    return f"{amount.minor} {amount.currency}"


def status_of(case: "CaseSummary", language: Language) -> str:
    """Return the status of a case for people; of a closed one also what it came to."""
    status: str = getattr(case.status_name, language)
    if case.result_name is None:
        return status
    return say("case.status.closed", language, status=status, result=getattr(case.result_name, language))


def _moment(time: str, zone: tzinfo) -> str:
    return parse_timestamp(time).astimezone(zone).isoformat(sep=" ", timespec="minutes")


def _section(name: str, lines: "Iterator[str]", language: Language) -> Iterator[str]:
    """Yield a heading and its lines, indented; nothing where there are none."""
    first = next(lines, None)
    if first is not None:
        yield ""
        yield say(f"case.show.{name}", language)
        for line in (first, *lines):
            yield from (f"  {one}" for one in line.splitlines())


def _head(case: "CaseOut", language: Language) -> Iterator[str]:
    claim = case.claim
    yield f"{case.id}  {status_of(case, language)}"
    facts = {
        "order": claim.order or "–",
        "service": getattr(claim.service_name, language),
        "reason": getattr(claim.reason_name, language),
        "amount": amount_of(claim.amount),
    }
    yield say("case.show.claim", language, **facts)
    if claim.text:
        yield say("case.show.text", language, text=claim.text)


def _next_steps(case: "CaseOut", language: Language) -> Iterator[str]:
    for duty in case.duties:
        if duty.state == "open":
            owner, name = getattr(duty.owner_name, language), getattr(duty.name, language)
            yield say("case.show.owes", language, side=owner, what=name)
            yield f"  {getattr(duty.explain, language)}"
    if case.next_actions:
        separator = "、" if language == "zh" else ", "
        actions = separator.join(getattr(one, language) for one in case.action_names)
        yield say("case.show.can", language, side=getattr(case.side_name, language), actions=actions)
    if case.closed_why is not None:
        yield say("case.show.closed", language)


def _duty(duty: "DutyOut", zone: tzinfo, language: Language) -> str:
    until = _moment(duty.due_at if duty.state in _OPEN else duty.closed_at or duty.due_at, zone)
    names = (duty.owner_name, duty.name, duty.state_name)
    return "  ".join((until, *(getattr(name, language) for name in names)))


def _exhibits(case: "CaseOut", language: Language) -> Iterator[str]:
    for one in case.exhibits:
        names = (one.side_name, one.role_name, one.verdict_name)
        yield "  ".join((one.id, *(getattr(name, language) for name in names)))


def _decisions(case: "CaseOut", zone: tzinfo, language: Language) -> Iterator[str]:
    for one in case.decisions:
        words = [_moment(one.decided_at, zone), getattr(one.outcome_name, language)]
        if one.overturned:
            words.append(say("case.show.overturned", language))
        elif one.appeal_until is not None:
            words.append(say("case.show.appeal_until", language, until=_moment(one.appeal_until, zone)))
        yield "  ".join(words)
        for reason in one.reason_names:
            yield f"  {getattr(reason, language)}"
        if one.note:
            yield f"  {one.note}"


def _remedy(remedy: "RemedyOut", language: Language) -> str:
    what = say(f"remedy.kind.{remedy.kind}", language)
    amount = f" {amount_of(remedy.amount)}" if remedy.amount is not None else ""
    return f"{remedy.id}  {what}{amount}\n  {getattr(remedy.says, language)}"


def _thread(case: "CaseOut", zone: tzinfo, language: Language) -> Iterator[str]:
    for one in case.thread:
        yield _entry(one, zone, language)


def _entry(entry: "MessageOut", zone: tzinfo, language: Language) -> str:
    line = f"{_moment(entry.at, zone)}  {getattr(entry.by_name, language)}  {getattr(entry.name, language)}"
    return f"{line}\n  {entry.text}" if entry.text else line
