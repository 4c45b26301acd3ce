"""Reads facts from a file or from memory; whatever is not clear is refused by the name of its key.

Nothing is guessed: a misspelt key, a day that no calendar has, an act that may stand there twice.
"""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bixie.kit.calendar import day_in_china
from bixie.kit.money import fen_from_yuan
from bixie.law.errors import FactsError
from bixie.law.facts import Act, Facts
from bixie.law.provinces import PROVINCES, SPECIAL

__all__ = ["MAX_ACTS", "MAX_FACTS_BYTES", "parse_facts", "read_facts"]

MAX_FACTS_BYTES = 2 * 1024 * 1024
MAX_ACTS = 1000
"""More is a business of its own that needs an auditor, and a sum of theirs as one act."""
_EARLIEST = date(1997, 10, 1)
"""The criminal code in force begins here; no act before it can be assessed."""
_MAX_YEARS = 130
_MAX_TEXT = 200

Check = Callable[[Any, str], Any]


def read_facts(path: str, on: date) -> Facts:
    """Read FACTS.json.

    Parameters
    ----------
    path : str
    on : date
        Day of the assessment; no act may lie after it.

    Raises
    ------
    FactsError
        ``facts.unreadable``, ``facts.too_large``, ``facts.not_json``, ``facts.duplicate_key``, or what
        `parse_facts` raises.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FACTS_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FactsError("facts.unreadable", path=path) from error
    if len(data) > MAX_FACTS_BYTES:
        raise FactsError("facts.too_large", limit=MAX_FACTS_BYTES)
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text, parse_float=Decimal, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise FactsError("facts.not_json", reason=str(error)) from error
    return parse_facts(document, on)


def parse_facts(document: Any, on: date) -> Facts:
    """Check facts that are in memory.

    Parameters
    ----------
    document : dict
        As ``facts.schema.json`` describes it; JSON types.
    on : date

    Raises
    ------
    FactsError
        ``values["field"]`` names the key, as in ``acts[0].date``.
    MoneyError
        Likewise, for an amount.
    """
    top = _object(document, "facts", _TOP)
    values: dict[str, Any] = {}
    for group, checks in _GROUPS.items():
        if (given := top.get(group)) is not None:
            for key, value in _object(given, group, checks).items():
                if value is not None:
                    values[key] = checks[key](value, f"{group}.{key}")
    if top.get("decision_date") is not None:
        values["decision_date"] = _day(top["decision_date"], "decision_date")
    if top.get("acts") is not None:
        values["acts"] = _acts(top["acts"], on)
    _check_whole(values, on)
    return Facts(**values)


def _check_whole(values: Mapping[str, Any], on: date) -> None:
    if "guangdong_class" in values and values.get("province") != "GD":
        raise FactsError("facts.class_without_guangdong", field="place.guangdong_class")
    _not_after(values.get("prior_penalty_date"), on, "intent.prior_penalty_date")
    first = min((act.date for act in values.get("acts", ()) if act.date), default=None)
    decision = values.get("decision_date")
    if first and decision and decision < first:
        raise FactsError("facts.before_the_act", field="decision_date")


def _acts(value: Any, on: date) -> tuple[Act, ...]:
    if not isinstance(value, list):
        raise FactsError("facts.not_a_list", field="acts")
    if len(value) > MAX_ACTS:
        raise FactsError("facts.too_many_acts", field="acts", count=len(value), limit=MAX_ACTS)
    acts = tuple(_act(item, index, on) for index, item in enumerate(value))
    seen: dict[object, int] = {}
    for item, act in zip(value, acts, strict=True):
        if act.date is None and act.id is None:
            continue  # nothing to compare by; an undated act is a question already
        moment = str(item.get("date"))
        same = (act.id,) if act.id else (moment, act.merchant, act.amount_obtained, act.amount_attempted)
        if same in seen:
            raise FactsError(
                "facts.overlapping_acts", field=f"acts[{act.index}]", other=f"acts[{seen[same]}]"
            )
        seen[same] = act.index
    return acts


def _act(value: Any, index: int, on: date) -> Act:
    field = f"acts[{index}]"
    given = _object(value, field, _ACT)
    values = {key: _ACT[key](item, f"{field}.{key}") for key, item in given.items() if item is not None}
    decided = values.pop("refund_decided_by", None)
    if decided is not None:
        automatic = decided == "platform"
        if values.setdefault("platform_auto_refund", automatic) != automatic:
            raise FactsError(
                "facts.contradiction", field=f"{field}.refund_decided_by", other="platform_auto_refund"
            )
    act = Act(index=index, **values)
    _check_act(act, field, on)
    return act


def _check_act(act: Act, field: str, on: date) -> None:
    _not_after(act.date, on, f"{field}.date")
    for name in ("discovered_date", "known_date"):
        later = getattr(act, name)
        _not_after(later, on, f"{field}.{name}")
        if later and act.date and later < act.date:
            raise FactsError("facts.before_the_act", field=f"{field}.{name}")
    if act.discovered is False and act.discovered_date:
        raise FactsError("facts.contradiction", field=f"{field}.discovered", other="discovered_date")
    both = act.amount_obtained is not None and act.amount_attempted is not None
    if both and act.amount_attempted < act.amount_obtained:  # type: ignore[operator]  # both are numbers
        raise FactsError("facts.attempt_below_obtained", field=f"{field}.amount_attempted")


def _not_after(day: date | None, on: date, field: str) -> None:
    if day is not None and day > on:
        raise FactsError("facts.future_date", field=field, day=day.isoformat(), on=on.isoformat())


def _object(value: Any, field: str, keys: Collection[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FactsError("facts.not_an_object", field=field)
    unknown = [key for key in value if key not in keys]
    if unknown:
        name = str(unknown[0])[:_MAX_TEXT]
        raise FactsError("facts.unknown_key", field=name if field == "facts" else f"{field}.{name}")
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FactsError("facts.duplicate_key", field=twice[:_MAX_TEXT])
    return found


def _bool(value: Any, field: str) -> bool:
    if value is True or value is False:
        return bool(value)
    raise FactsError("facts.not_yes_or_no", field=field)


def _text(value: Any, field: str) -> str:
    if type(value) is int and abs(value) < 10**_MAX_TEXT:
        value = str(value)  # order numbers and shop ids are often written without quotes
    if isinstance(value, str) and 0 < len(value) <= _MAX_TEXT:
        return value
    raise FactsError("facts.not_a_text", field=field, limit=_MAX_TEXT)


def _day(value: Any, field: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    else:
        try:
            day = day_in_china(value)
        except (TypeError, ValueError) as error:
            raise FactsError("facts.not_a_day", field=field) from error
    if day < _EARLIEST:
        raise FactsError("facts.too_early", field=field, earliest=_EARLIEST.isoformat())
    return day


def _age(value: Any, field: str) -> int:
    if type(value) is int and 0 <= value <= _MAX_YEARS:
        return value
    raise FactsError("facts.not_an_age", field=field, most=_MAX_YEARS)


def _province(value: Any, field: str) -> str:
    letters = value.removeprefix("CN-") if isinstance(value, str) else ""
    if letters in PROVINCES:
        return letters
    code = "facts.other_law" if letters in SPECIAL else "facts.unknown_province"
    raise FactsError(code, field=field)


def _class(value: Any, field: str) -> int:
    if type(value) is int and value in {1, 2}:
        return value
    raise FactsError("facts.not_one_of", field=field, values="1, 2")


def _telecom(value: Any, field: str) -> bool | None:
    answers: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
    if isinstance(value, str) and value in answers:
        return answers[value]
    raise FactsError("facts.not_one_of", field=field, values='"yes", "no", "unknown"')


def _decider(value: Any, field: str) -> str:
    if value in ("merchant", "platform"):
        return str(value)
    raise FactsError("facts.not_one_of", field=field, values='"merchant", "platform"')


_ACT: dict[str, Check] = {
    "id": _text,
    "date": _day,
    "amount_obtained": fen_from_yuan,
    "amount_attempted": fen_from_yuan,
    "processed": _bool,
    "merchant": _text,
    "platform_auto_refund": _bool,
    "refund_decided_by": _decider,
    "goods_returned": _bool,
    "discovered": _bool,
    "discovered_date": _day,
    "known_date": _day,
}
_GROUPS: dict[str, dict[str, Check]] = {
    "intent": {
        "fabricated_evidence": _bool,
        "goods_kept": _bool,
        "resold": _bool,
        "prior_penalty_date": _day,
        "label_stripped": _bool,
        "continuous": _bool,
        "third_party_faked": _bool,
    },
    "person": {"age": _age, "is_operator": _bool, "pregnant_or_nursing": _bool},
    "place": {"province": _province, "guangdong_class": _class},
    "mode": {"telecom": _telecom, "unspecified_many": _bool, "organised": _bool, "threat": _bool},
    "afterwards": {
        "surrender": _bool,
        "confession": _bool,
        "restitution": _bool,
        "victim_forgave": _bool,
        "serious_circumstances": _bool,
    },
}
_TOP = (*_GROUPS, "acts", "decision_date")
