"""Parses facts from a file or from memory; an error names the key.

The models of `facts` check every value by itself; this module checks the facts against each other. Unclear
input is refused, never guessed: a misspelt key, an impossible day, two acts that may be one.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bixie.kit.errors import BixieError
from bixie.kit.money import MoneyError
from bixie.kit.reasons import plain_reason
from bixie.kit.validation import dotted, first_fault
from bixie.law.errors import FactsError
from bixie.law.facts import MAX_TEXT, Act, ActEntry, Facts, FactsDocument

__all__ = ["MAX_FACTS_BYTES", "parse_facts", "read_facts"]

MAX_FACTS_BYTES = 2 * 1024 * 1024
_CODES = {
    "bool_type": "facts.not_yes_or_no",
    "extra_forbidden": "facts.unknown_key",
    "invalid_key": "facts.unknown_key",
    "list_type": "facts.not_a_list",
    "model_type": "facts.not_an_object",
    "string_unicode": "facts.unknown_key",
}


def read_facts(path: str, on: date) -> Facts:
    """Read FACTS.json; lines that begin with ``//`` are comments.

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
        text = _without_comments(data.decode("utf-8-sig"))
        document = json.loads(text, parse_float=Decimal, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise FactsError("facts.not_json", reason=plain_reason(error)) from error
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
    try:
        checked = FactsDocument.model_validate(document)
    except ValidationError as error:
        raise _refused(error) from error
    acts = None
    if checked.acts is not None:
        acts = tuple(_act(entry, index, on) for index, entry in enumerate(checked.acts))
        _check_overlaps(document["acts"], acts)
    facts = Facts.of(checked, acts)
    _check_whole(facts, on)
    return facts


def _refused(error: ValidationError) -> BixieError:
    fault = first_fault(error, _CODES)
    field = dotted((*fault.location[:-1], *(_short(step) for step in fault.location[-1:]))) or "facts"
    kind = MoneyError if fault.code.startswith("money.") else FactsError
    return kind(fault.code, field=field, **fault.values)


def _short(step: int | str) -> int | str:
    return step[:MAX_TEXT] if isinstance(step, str) else step


def _check_whole(facts: Facts, on: date) -> None:
    if facts.guangdong_class is not None and facts.province != "GD":
        raise FactsError("facts.class_without_guangdong", field="place.guangdong_class")
    _not_after(facts.prior_penalty_date, on, "intent.prior_penalty_date")
    first = min((act.date for act in facts.acts or () if act.date), default=None)
    if first and facts.decision_date and facts.decision_date < first:
        raise FactsError("facts.before_the_act", field="decision_date")


def _act(entry: ActEntry, index: int, on: date) -> Act:
    field = f"acts[{index}]"
    automatic = entry.platform_auto_refund
    if entry.refund_decided_by is not None:
        by_platform = entry.refund_decided_by == "platform"
        if automatic not in {None, by_platform}:
            raise FactsError(
                "facts.contradiction", field=f"{field}.refund_decided_by", other="platform_auto_refund"
            )
        automatic = by_platform
    act = Act.of(entry, index, automatic)
    _check_act(act, field, on)
    return act


def _check_overlaps(items: Sequence[Any], acts: Sequence[Act]) -> None:
    """Refuse two acts that may be one: the same id, or without one the same time, merchant and amounts."""
    seen: dict[object, int] = {}
    for item, act in zip(items, acts, strict=True):
        if act.date is None and act.id is None:
            continue  # not comparable; an undated act raises a question already
        written = str(item.get("date"))
        same = (act.id,) if act.id else (written, act.merchant, act.amount_obtained, act.amount_attempted)
        if same in seen:
            raise FactsError(
                "facts.overlapping_acts", field=f"acts[{act.index}]", other=f"acts[{seen[same]}]"
            )
        seen[same] = act.index


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


def _without_comments(text: str) -> str:
    """Blank the lines that begin with ``//``, as the form has them; no string of JSON spans lines."""
    return "\n".join("" if line.lstrip().startswith("//") else line for line in re.split(r"\r\n|\r|\n", text))


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise FactsError("facts.duplicate_key", field=name[:MAX_TEXT])
        found[name] = value
    return found
