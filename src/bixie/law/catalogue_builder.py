"""Builds the typed catalogue from its YAML: days, fen, conditions as functions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bixie.kit.messages import Text
from bixie.law.conditions import ACT_CONDITIONS, OVERALL_CONDITIONS
from bixie.law.entries import (
    LEVELS,
    Advice,
    Assess,
    Catalogue,
    Change,
    DeclaredFlag,
    Law,
    Limit,
    Rule,
    Source,
    SourceLocation,
    StepEntry,
    Threshold,
)
from bixie.law.errors import CatalogueError
from bixie.law.flags import FLAG_CONDITIONS
from bixie.law.grounds import compile_condition

__all__ = ["SECTIONS", "build_catalogue", "refuse_second"]

SECTIONS = ("laws", "sources", "thresholds", "rules", "assessments", "steps", "advice", "calendar")
"""The lists that a file of the catalogue may hold."""

_Item = tuple[SourceLocation, Mapping[str, Any]]
_Items = Mapping[str, Sequence[_Item]]


def build_catalogue(head: Mapping[str, Any], items: _Items) -> Catalogue:
    """Return the catalogue; `checking` looks for contradictions afterwards.

    Parameters
    ----------
    head : mapping
        ``as_of`` and ``disclaimer``.
    items : mapping
        For each of `SECTIONS` the entries as the schema describes them, with their locations.

    Raises
    ------
    CatalogueError
        ``catalogue.twice``, ``catalogue.unknown``, ``catalogue.unknown_condition`` or
        ``catalogue.not_a_day``.
    """
    laws = _laws(items["laws"])
    return Catalogue(
        as_of=_certain_day(head["as_of"], SourceLocation("*.yaml", 0)),
        disclaimer=_text(head["disclaimer"]),
        laws=laws,
        sources=_sources(items["sources"]),
        rules=_rules(items, laws),
        thresholds=tuple(_threshold(item, location) for location, item in items["thresholds"]),
        steps=tuple(_step(item, location) for location, item in items["steps"]),
        advice=tuple(
            Advice(item["id"], _text(item["said"]), _text(item["instead"]), tuple(item["rules"]), location)
            for location, item in items["advice"]
        ),
        calendar=tuple(sorted((_change(*entry) for entry in items["calendar"]), key=lambda one: one.day)),
    )


def refuse_second(key: str, seen: Mapping[str, object], location: SourceLocation) -> None:
    """Raise ``catalogue.twice`` if `key` is in `seen`."""
    if key in seen:
        raise CatalogueError("catalogue.twice", file=location.file, line=location.line, id=key)


def _laws(items: Sequence[_Item]) -> dict[str, Law]:
    laws: dict[str, Law] = {}
    for location, item in items:
        refuse_second(item["id"], laws, location)
        name = Text(en=item["en"], zh=item["zh"])
        span = _day(item["from"], location), _day(item["to"], location)
        short = _text_or_none(item.get("short")) or name
        aliases = tuple(item.get("aliases", ()))
        laws[item["id"]] = Law(item["id"], name, short, aliases, *span, item.get("articles"), location)
    return laws


def _sources(items: Sequence[_Item]) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for location, item in items:
        refuse_second(item["id"], sources, location)
        name = Text(en=item["en"], zh=item["zh"])
        sources[item["id"]] = Source(item["id"], name, item["where"], location)
    return sources


def _change(location: SourceLocation, item: Mapping[str, Any]) -> Change:
    return Change(
        _certain_day(item["date"], location),
        _text(item["what"]),
        _text(item["open_cases"]),
        tuple(item["rules"]),
        item["confidence"],
        location,
    )


def _rules(items: _Items, laws: Mapping[str, Law]) -> dict[str, Rule]:
    assessed: dict[str, tuple[SourceLocation, Assess]] = {}
    for location, item in items["assessments"]:
        refuse_second(item["rule"], assessed, location)
        assessed[item["rule"]] = (location, _assess(item, location))
    rules: dict[str, Rule] = {}
    for location, item in sorted(items["rules"], key=lambda entry: LEVELS.index(entry[1]["level"])):
        refuse_second(item["id"], rules, location)
        rules[item["id"]] = _rule(item, location, laws, assessed.get(item["id"], (None, None))[1])
    for name, (location, _) in assessed.items():
        if name not in rules:
            raise CatalogueError(
                "catalogue.unknown", file=location.file, line=location.line, what=name, id="assessments"
            )
    return rules


def _rule(
    item: Mapping[str, Any], location: SourceLocation, laws: Mapping[str, Law], how: Assess | None
) -> Rule:
    if item["law"] not in laws:
        raise CatalogueError(
            "catalogue.unknown", file=location.file, line=location.line, what=item["law"], id=item["id"]
        )
    return Rule(
        id=item["id"],
        level=item["level"],
        law=laws[item["law"]],
        articles=tuple(item["articles"]),
        title=_text_or_none(item.get("title")),
        start=_day(item["from"], location),
        end=_day(item["to"], location),
        text=_text(item["text"]),
        confidence=item["confidence"],
        sources=tuple(item["sources"]),
        note=_text_or_none(item.get("note")),
        unsettled=_text_or_none(item.get("unsettled")),
        see=tuple(item.get("see", ())),
        series=item.get("series"),
        binding=item.get("binding", True),
        assess=how,
        flags=tuple(_flag(flag, location) for flag in item.get("flags", ())),
        location=location,
    )


def _flag(item: Mapping[str, Any], location: SourceLocation) -> DeclaredFlag:
    if item["when"] not in FLAG_CONDITIONS:
        raise _unknown_condition(item["when"], location)
    return DeclaredFlag(item["id"], item["when"], tuple(item.get("open", ())))


def _assess(item: Mapping[str, Any], location: SourceLocation) -> Assess:
    limit = item.get("limit")
    try:
        return Assess(
            acts=tuple(compile_condition(name, ACT_CONDITIONS) for name in item.get("acts", ())),
            when=compile_condition(item["when"], OVERALL_CONDITIONS),
            reading=item.get("reading", "possible"),
            tiers=item.get("tiers"),
            limit=limit and Limit(limit["id"], limit["from"], limit["months"], limit.get("hard_months")),
            transition=item.get("transition", False),
            effect=item.get("effect"),
            step=item.get("step"),
            outcome=item.get("outcome", {}),
        )
    except KeyError as error:
        raise _unknown_condition(str(error.args[0]), location) from error


def _unknown_condition(name: str, location: SourceLocation) -> CatalogueError:
    return CatalogueError("catalogue.unknown_condition", file=location.file, line=location.line, name=name)


def _step(item: Mapping[str, Any], location: SourceLocation) -> StepEntry:
    title, how = _text(item["title"]), _text(item["how"])
    return StepEntry(item["id"], item["kind"], title, how, tuple(item.get("also", ())), location)


def _threshold(item: Mapping[str, Any], location: SourceLocation) -> Threshold:
    lowered = item.get("lowered", {})
    return Threshold(
        id=item["id"],
        offence=item["offence"],
        province=item.get("province"),
        group=item.get("class"),
        telecom=item.get("telecom", False),
        start=_day(item["from"], location),
        end=_day(item["to"], location),
        large=_line(item["large"]),
        huge=_line(item["huge"]),
        extra=_line(item["extra"]),
        lowered_if=tuple(lowered.get("any", ())),
        lowered_large=_fen(lowered.get("large")),
        lowered_huge=_fen(lowered.get("huge")),
        confidence=item["confidence"],
        sources=tuple(item["sources"]),
        note=_text_or_none(item.get("note")),
        unverified=item.get("unverified", False),
        sums_multiple=item.get("sums_multiple", False),
        location=location,
    )


def _line(value: int | list[int]) -> tuple[int, int]:
    low, high = value if isinstance(value, list) else (value, value)
    return low * 100, high * 100


def _fen(value: int | None) -> int | None:
    return None if value is None else value * 100


def _text(item: Mapping[str, str]) -> Text:
    return Text(en=item["en"].strip(), zh=item["zh"].strip())


def _text_or_none(item: Mapping[str, str] | None) -> Text | None:
    return None if item is None else _text(item)


def _day(value: object, location: SourceLocation) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise CatalogueError(
            "catalogue.not_a_day", file=location.file, line=location.line, day=value
        ) from error


def _certain_day(value: object, location: SourceLocation) -> date:
    day = _day(value, location)
    if day is None:
        raise CatalogueError("catalogue.not_a_day", file=location.file, line=location.line, day=value)
    return day
