"""Renders entries of the catalogue for `bixie law show`: one with text, dates and sources, or the list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bixie.kit.messages import Language, Text, catalogue
from bixie.law.citation import cite, name_with_id, rule_name, threshold_name
from bixie.law.entries import Catalogue, Rule, Threshold
from bixie.law.rendering import (
    remarks,
    sources_of,
    statute,
    substance,
    threshold_document,
    threshold_text,
)

__all__ = ["entries_document", "entry_document", "entry_lines"]


def entries_document(law: Catalogue, on: date, entries: Sequence[Rule | Threshold] = ()) -> dict[str, Any]:
    """Return entries, or every entry, with their citations and whether they are in force on `on`."""
    shown = entries or (*law.rules.values(), *law.thresholds)
    return {
        "schema": "bixie.law.entries/1",
        "on": on.isoformat(),
        "entries": [_listed(entry, on) for entry in shown],
    }


def _listed(entry: Rule | Threshold, on: date) -> dict[str, Any]:
    if isinstance(entry, Rule):
        level, cited, name = entry.level, cite(entry), rule_name(entry)
    else:
        level, cited, name = "threshold", threshold_name(entry), threshold_name(entry)
    head = {"id": entry.id, "level": level, "in_force": entry.in_force(on)}
    return {**head, **cited.to_dict(), "name": name.to_dict()}


def entry_document(law: Catalogue, entry: Rule | Threshold, on: date) -> dict[str, Any]:
    """Return one entry as a document: a rule or a set of thresholds."""
    head = {
        "schema": "bixie.law.entry/1",
        "id": entry.id,
        "on": on.isoformat(),
        "in_force": entry.in_force(on),
    }
    common = {"confidence": entry.confidence, "sources": sources_of(entry.sources, law)}
    if isinstance(entry, Threshold):
        span = {"from": _iso(entry.start), "to": _iso(entry.end)}
        name_of = threshold_name(entry).to_dict()
        return {**head, "level": "threshold", "name": name_of, **span, **threshold_document(entry), **common}
    return {
        **head,
        "level": entry.level,
        "law": statute(entry),
        "text": entry.text.to_dict(),
        "text_label": _say("substance_label").to_dict(),
        "note": entry.note and entry.note.to_dict(),
        "unsettled": entry.unsettled and entry.unsettled.to_dict(),
        "see": list(entry.see),
        "binding": entry.binding,
        "assessed": entry.assess is not None,
        **common,
    }


def entry_lines(law: Catalogue, entry: Rule | Threshold, on: date, language: Language) -> list[str]:
    """Return one entry as lines for a terminal."""
    lines = [name_with_id(entry).in_(language)]
    if isinstance(entry, Rule):
        lines.append(cite(entry).in_(language))
    lines += [_span(entry, on).in_(language), ""]
    if isinstance(entry, Threshold):
        lines += [text.in_(language) for text in (threshold_text(entry), entry.note) if text]
    else:
        lines += _rule_lines(law, entry, language)
    lines += ["", _say(f"confidence.{entry.confidence.lower()}").in_(language)]
    bracketed = "{}（{}）" if language == "zh" else "{} ({})"
    lines += [
        "  - " + bracketed.format(source[language], source["where"])
        for source in sources_of(entry.sources, law)
    ]
    return lines


def _rule_lines(law: Catalogue, rule: Rule, language: Language) -> list[str]:
    lines = [substance(rule).in_(language)]
    if not rule.binding:
        lines.append(_say("show.not_binding").in_(language))
    lines += [text.in_(language) for text in remarks(rule)]
    if rule.see:
        names = (name_with_id(law.rules[name]).in_(language) for name in rule.see)
        lines.append(_say("show.see").in_(language) + ("；" if language == "zh" else "; ").join(names))
    return lines


def _span(entry: Rule | Threshold, on: date) -> Text:
    """Return the days on which an entry is in force, and whether `on` is one of them."""
    start = _iso(entry.start)
    if entry.end is not None:
        span = _say("show.until" if start is None else "show.span", start=start, end=_iso(entry.end))
    elif start is None:
        return _say("show.undated")
    elif entry.in_force(on):
        return _say("show.since", start=start)
    else:
        span = _say("show.from", start=start)
    force = _say("show.in_force" if entry.in_force(on) else "show.not_in_force", on=on.isoformat())
    return Text(en=f"{span.en} {force.en}", zh=f"{span.zh}{force.zh}")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _say(key: str, **values: object) -> Text:
    return catalogue("bixie.law").text(key, **values)
