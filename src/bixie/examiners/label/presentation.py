"""How AI labels and the marks of programs present themselves in report and page."""

from collections.abc import Iterator, Mapping
from typing import Any

from bixie.examiners.presentation import MARK_REMOVED, ORIGIN, Effect, Fact, Presentation, Row, Topic
from bixie.kit.messages import Text, catalogue

__all__ = ["PRESENTATION", "row_of_mark", "row_of_trace"]

_WORDS = catalogue("bixie.examiners.label")

PRESENTATION = Presentation(
    words=_WORDS,
    effects={
        "label.aigc.compliant": Effect.SUSPECT,
        "label.aigc.noncompliant": Effect.SUSPECT,
        "label.aigc.*": Effect.NONE,
        "label.iptc.*": Effect.SUSPECT,
        "label.generator.*": Effect.SUSPECT,
        "label.visible": Effect.SUSPECT,
        "label.removed.*": Effect.BY_WEIGHT,
        "label.source.*": Effect.NONE,
        "label.software.*": Effect.NONE,
    },
    panel=ORIGIN,
)

_AI = Topic(_WORDS.text("topic.ai"), rank=10, sign="diamond", mark=True)
_TOPICS = {
    "source": Topic(_WORDS.text("topic.source"), rank=40),
    "software": Topic(_WORDS.text("topic.software"), rank=50),
}


def row_of_mark(code: str, facts: Mapping[str, Any]) -> Row:
    """Return how the page sets out a mark.

    Parameters
    ----------
    code : str
        Of its finding.
    facts : mapping
        Of the mark.
    """
    _, kind, *_ = code.split(".")
    if kind != "aigc":
        return Row(_TOPICS.get(kind, _AI))
    return Row(_AI, _brief(code), tuple(_facts_of_label(facts)))


def row_of_trace() -> Row:
    """Return how the page sets out a trace of a mark that was taken out."""
    return Row(MARK_REMOVED)


def _brief(code: str) -> Text:
    """Return a sentence that leaves out what the facts say."""
    return _WORDS.text(f"brief.{code.removeprefix('label.')}")


def _facts_of_label(facts: Mapping[str, Any]) -> Iterator[Fact]:
    for role in ("producer", "propagator"):
        if facts[role] is not None:
            yield _fact(role, _named(facts[role]))
    if facts["violations"]:
        yield _fact("form", _WORDS.text("form.faults", count=len(facts["violations"])))
    elif facts["grade"] == "compliant":
        yield _fact("form", _WORDS.text("form.whole"))
    if facts["copies"] > 1:
        copies = str(facts["copies"])
        yield _fact("copies", Text(en=copies, zh=copies))


def _named(provider: Mapping[str, Any]) -> Text:
    """Return whom a code names, as far as it tells."""
    if provider["code"] is None:
        return _WORDS.text("named.written", name=provider["written"] or "–")
    if not provider["valid"]:
        return _WORDS.text("named.invalid", code=provider["code"])
    entity = provider["entity"]
    if not entity:
        return _WORDS.text("named.unknown", uscc=provider["uscc"])
    name = " · ".join(filter(None, (entity["name"], entity["service"])))
    return _WORDS.text("named.known", name=name, uscc=provider["uscc"])


def _fact(key: str, value: Text) -> Fact:
    return Fact(_WORDS.text(f"fact.{key}"), value)
