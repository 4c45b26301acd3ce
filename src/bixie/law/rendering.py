"""Renders an assessment in both languages, and as the document ``bixie.law/1``."""

from typing import Any

from bixie.kit.messages import Text, catalogue
from bixie.kit.money import yuan_from_fen
from bixie.law.assessment import Assessment, Deadline, Flag, Qualification, Step
from bixie.law.citation import cite, rule_name
from bixie.law.entries import Catalogue, Rule, Threshold
from bixie.law.explanation import Explanation, explain
from bixie.law.limits import TimeLimit
from bixie.law.reasons import Reason

__all__ = [
    "SCHEMA",
    "assessment_document",
    "explain_deadline",
    "explain_flag",
    "explain_limit",
    "explain_qualification",
    "qualification_sentences",
    "question_text",
    "remarks",
    "sources_of",
    "statute",
    "substance",
    "threshold_document",
    "threshold_text",
]

SCHEMA = "bixie.law/1"
_ROOM = "bixie.law"


def statute(rule: Rule) -> dict[str, Any]:
    """Return law, articles and dates of a rule, for documents."""
    return {
        **cite(rule).to_dict(),
        "articles": list(rule.articles),
        "from": rule.start and rule.start.isoformat(),
        "to": rule.end and rule.end.isoformat(),
    }


def sources_of(names: tuple[str, ...], law: Catalogue) -> list[dict[str, str]]:
    """Return the sources with these ids, for documents."""
    return [
        {"id": name, **law.sources[name].name.to_dict(), "where": law.sources[name].where} for name in names
    ]


def explain_qualification(one: Qualification) -> Text:
    """Return the explanation in one paragraph; it ends by saying that it is no finding."""
    return _joined([*qualification_sentences(one), _say("closing")])


def qualification_sentences(one: Qualification) -> list[Text]:
    """Return the sentences of the explanation: status, article, tier, thresholds, basis, remarks."""
    sentences = [_say(f"status.{one.status}"), _cited(one.rule)]
    if one.tier:
        sentences.append(_say(f"tier.{one.tier}"))
    sentences += [threshold_text(threshold) for threshold in one.thresholds]
    sentences += [threshold.note for threshold in one.thresholds if threshold.note]
    if one.basis:
        sentences.append(_say(f"basis.{one.basis}"))
    return [*sentences, *(remarks(one.rule) if one.is_open else ())]


def remarks(rule: Rule) -> list[Text]:
    """Return the note of a rule and what is still to be verified."""
    said = (("show.note", rule.note), ("show.unsettled", rule.unsettled))
    return [_with_prefix(key, text) for key, text in said if text]


def _with_prefix(key: str, text: Text) -> Text:
    said = _say(key)
    return Text(en=said.en + text.en, zh=said.zh + text.zh)


def explain_flag(flag: Flag, law: Catalogue) -> Text:
    """Return the sentence of a flag; without one, its rule explains it."""
    return _said_or_cited(f"flag.{_key(flag.id)}", flag.rule, law)


def explain_deadline(deadline: Deadline, law: Catalogue) -> Text:
    """Return the sentence of a deadline; without one, its rule explains it."""
    return _said_or_cited(f"deadline.{_key(deadline.id)}", deadline.id, law)


def _said_or_cited(key: str, rule: str | None, law: Catalogue) -> Text:
    found = None if rule is None else law.rules.get(rule)
    return _say(key) if found is None or key in catalogue(_ROOM).sentences else _cited(found)


def explain_limit(limit: TimeLimit, law: Catalogue) -> Text:
    """Return how a time limit stands beside an article."""
    rule = law.rules.get(limit.id)
    values = {
        "name": limit.id if rule is None else rule_name(rule),
        "until": limit.until and limit.until.isoformat(),
        "latest": (limit.latest or limit.until) and str(limit.latest or limit.until),
    }
    if limit.state == "passed" and limit.until is None:
        return _say("limit.passed_undated", **values)
    if limit.state != "running" or limit.until is None:
        return _say(f"limit.{limit.state}", **values)
    explain = explain_deadline(Deadline(limit.id, limit.until, limit.acts[0]), law)
    return _say("limit.running", explain=explain, **values)


def question_text(name: str) -> Text:
    """Return a question in both languages."""
    return _say(f"question.{name}")


def assessment_document(found: Assessment) -> dict[str, Any]:
    """Return the document that ``bixie law assess --json`` prints, as ``assessment.schema.json`` has it."""
    explained = explain(found)
    return {
        "schema": SCHEMA,
        "on": found.on.isoformat(),
        "as_of": found.catalogue.as_of.isoformat(),
        "disclaimer": found.catalogue.disclaimer.to_dict(),
        "steps": [_step(step, found.catalogue) for step in explained.steps],
        "qualifications": [_qualification(one, found.catalogue, explained) for one in found.qualifications],
        "flags": [
            {"id": flag.id, "explain": explain_flag(flag, found.catalogue).to_dict(), "rule": flag.rule}
            for flag in found.flags
        ],
        "deadlines": [
            {
                "id": deadline.id,
                "until": deadline.until.isoformat(),
                "explain": explain_deadline(deadline, found.catalogue).to_dict(),
                "act": deadline.act,
            }
            for deadline in found.deadlines
        ],
    }


def _step(step: Step, law: Catalogue) -> dict[str, Any]:
    return {
        "id": step.entry.id,
        "kind": step.entry.kind,
        "status": step.status,
        "title": step.entry.title.to_dict(),
        "how": step.entry.how.to_dict(),
        "rules": [{"rule": rule.id, **rule_name(rule).to_dict()} for rule in step.rules],
        "questions": [{"id": name, **question_text(name).to_dict()} for name in step.questions],
        "time_limits": [_time_limit(limit, law) for limit in step.limits],
    }


def _time_limit(limit: TimeLimit, law: Catalogue) -> dict[str, Any]:
    return {
        "id": limit.id,
        "state": limit.state,
        "until": limit.until and limit.until.isoformat(),
        "latest": limit.latest and limit.latest.isoformat(),
        "acts": list(limit.acts),
        **explain_limit(limit, law).to_dict(),
    }


def _because(reason: Reason, law: Catalogue) -> dict[str, Any]:
    names = dict.fromkeys(name for line in reason.thresholds for name in line.sources)
    return {
        **reason.text.to_dict(),
        "condition": reason.condition,
        "met": reason.met,
        "fact": reason.fact,
        "acts": list(reason.acts),
        "thresholds": [line.id for line in reason.thresholds],
        "sources": sources_of(tuple(names), law),
    }


def _qualification(one: Qualification, law: Catalogue, explained: Explanation) -> dict[str, Any]:
    return {
        "rule": one.rule.id,
        "name": rule_name(one.rule).to_dict(),
        "level": one.rule.level,
        "status": one.status,
        "tier": one.tier,
        "outcome": _outcome(one),
        "questions": [{"id": name, **question_text(name).to_dict()} for name in one.questions],
        "explain": explain_qualification(one).to_dict(),
        "because": [_because(reason, law) for reason in explained.reasons[one.rule.id]],
        "time_limits": [_time_limit(limit, law) for limit in explained.limits[one.rule.id]],
        "sources": sources_of(_source_names(one), law),
        "confidence": one.confidence,
        "acts": list(one.acts),
        "law": statute(one.rule),
        "binding": one.rule.binding,
        "thresholds": [threshold_document(line) for line in one.thresholds],
        "accumulation_basis": one.basis,
    }


def _source_names(one: Qualification) -> tuple[str, ...]:
    names = [*one.rule.sources, *(name for line in one.thresholds for name in line.sources)]
    return tuple(dict.fromkeys(names))


def _outcome(one: Qualification) -> dict[str, Any] | None:
    how = one.rule.assess
    if how is None or not one.is_open:
        return None
    found = how.outcome.get(one.tier or "all") or how.outcome.get("all")
    return None if found is None else dict(found)


def threshold_document(line: Threshold) -> dict[str, Any]:
    """Return thresholds in yuan: lowest and highest that the sources allow."""
    return {
        "id": line.id,
        "large": [fen // 100 for fen in line.large],
        "huge": [fen // 100 for fen in line.huge],
        "extra": [fen // 100 for fen in line.extra],
        "confidence": line.confidence,
        "note": line.note and line.note.to_dict(),
    }


def _cited(rule: Rule) -> Text:
    return _say("cited_substance", cited=cite(rule), text=rule.text)


def substance(rule: Rule) -> Text:
    """Return what a rule says, with the label that this is its substance and not its wording."""
    return _say("substance", text=rule.text)


def threshold_text(line: Threshold) -> Text:
    """Return thresholds in words."""
    large, huge, extra = (_range(*value) for value in (line.large, line.huge, line.extra))
    return _say("lines", id=line.id, large=large, huge=huge, extra=extra)


def _range(low: int, high: int) -> Text:
    if low == high:
        return Text(en=yuan_from_fen(low), zh=yuan_from_fen(low))
    return _say("line.range", low=yuan_from_fen(low), high=yuan_from_fen(high))


def _joined(sentences: list[Text]) -> Text:
    """Join sentences, with a full stop where the catalogue has none."""
    en = [text.en if text.en.endswith((".", "?", "!")) else f"{text.en}." for text in sentences]
    zh = [text.zh if text.zh.endswith(("。", "？", "！")) else f"{text.zh}。" for text in sentences]
    return Text(en=" ".join(en), zh="".join(zh))


def _key(name: str) -> str:
    return name.lower().replace("-", "_")


def _say(key: str, **values: object) -> Text:
    return catalogue(_ROOM).text(key, **values)
