"""Turn marks and traces into findings: codes of the contract, sentences for people."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bixie.examiners.label.file_marks import FileMarks
from bixie.examiners.label.grading import Violation
from bixie.examiners.label.marks import Mark
from bixie.examiners.label.presentation import row_of_mark, row_of_trace
from bixie.examiners.label.removal import Trace, strength_of
from bixie.examiners.results import FileError, Finding, Grade
from bixie.kit.messages import Text, catalogue

__all__ = [
    "NAME",
    "finding_of_mark",
    "finding_of_trace",
    "findings",
    "sentence_of_mark",
    "sentence_of_trace",
    "text",
    "too_much_metadata",
]

NAME = "label"
_PACKAGE = "bixie.examiners.label"
_MAX_PLACES = 8
_MAX_FINDINGS = 40
_INFORMATIVE_TRACES = frozenset({"bare_png", "block_missing"})


def findings(found: FileMarks) -> list[Finding]:
    """Return a finding for each mark, and one for each kind of trace.

    Parameters
    ----------
    found : FileMarks
    """
    kinds: dict[str, list[Trace]] = {}
    for trace in found.traces:
        kinds.setdefault(trace.kind, []).append(trace)
    every = [finding_of_mark(mark) for mark in _once(found.marks)]
    every += [finding_of_trace(traces) for traces in kinds.values()]
    # A hostile file may hold thousands of marks: conclusive ones come first.
    order = {Grade.CONCLUSIVE: 0, Grade.STATISTICAL: 1, Grade.INFORMATIVE: 2}
    return sorted(every, key=lambda finding: order[finding.grade])[:_MAX_FINDINGS]


def _once(marks: Iterable[Mark]) -> list[Mark]:
    """Join what one program wrote into several fields to one mark: it is one fact."""
    kept: dict[tuple[str, ...], Mark] = {}
    for number, mark in enumerate(marks):
        product = mark.facts.get("product")
        key = (mark.code, product) if product else (str(number),)
        places = (*kept[key].places, *mark.places) if key in kept else mark.places
        kept[key] = replace(kept.get(key, mark), places=places)
    return list(kept.values())


def finding_of_mark(mark: Mark) -> Finding:
    """Return what a mark says, with its place and its facts."""
    return Finding(
        examiner=NAME,
        code=mark.code,
        grade=mark.grade,
        strength_bits=strength_of("ai_mark") if mark.grade is Grade.CONCLUSIVE else 0.0,
        explain=sentence_of_mark(mark),
        limits=text(mark.limits),
        data={
            **mark.facts,
            "places": [place.place() for place in mark.places[:_MAX_PLACES]],
            "places_in_all": len(mark.places),
        },
        row=row_of_mark(mark.code, mark.facts),
    )


def finding_of_trace(traces: Sequence[Trace]) -> Finding:
    """Return what traces of one kind say; the strongest of them counts."""
    kind = traces[0].kind
    informative = kind in _INFORMATIVE_TRACES
    strongest = max(traces, key=lambda trace: strength_of(kind, trace.how))
    return Finding(
        examiner=NAME,
        code=f"label.removed.{kind}",
        grade=Grade.INFORMATIVE if informative else Grade.STATISTICAL,
        strength_bits=0.0 if informative else strength_of(kind, strongest.how),
        explain=sentence_of_trace(strongest),
        limits=text("limits.bare" if informative else "limits.removed"),
        data={
            "kind": kind,
            "how": strongest.how,
            "places": [trace.place for trace in traces[:_MAX_PLACES] if trace.place],
            "places_in_all": len(traces),
        },
        row=row_of_trace(),
    )


def sentence_of_mark(mark: Mark) -> Text:
    """Return the sentence that explains a mark to a lay person."""
    where = text(f"carrier.{mark.places[0].carrier}") if mark.places else Text("", "")
    sentence = _text(mark.sentence, where, mark.words)
    if mark.kind != "aigc":
        return sentence
    parts = [sentence, *_copies(mark), *_provider(mark.facts), *_violations(mark.facts)]
    return Text(en=" ".join(part.en for part in parts), zh="".join(part.zh for part in parts))


def sentence_of_trace(trace: Trace) -> Text:
    """Return the sentence that explains a trace to a lay person."""
    return text(f"removed.{trace.kind}.{trace.how}" if trace.how else f"removed.{trace.kind}")


def sentence_of_violation(violation: Violation) -> Text:
    """Return the sentence that says what is wrong, with its clause."""
    return text(f"violation.{violation.what}", clause=violation.clause, field=violation.field)


def too_much_metadata() -> FileError:
    """Say that not all of the metadata was read."""
    return FileError("label.metadata_too_large", text("label.metadata_too_large"))


def text(key: str, **values: object) -> Text:
    """Return a sentence of this room."""
    return catalogue(_PACKAGE).text(key, **values)


def _text(key: str, where: Text, words: dict[str, str]) -> Text:
    """Fill in a sentence whose place has a name of its own in each language."""
    english, chinese = text(key, where=where.en, **words), text(key, where=where.zh, **words)
    return Text(en=english.en, zh=chinese.zh)


def _copies(mark: Mark) -> list[Text]:
    copies = mark.facts["copies"]
    return [text("aigc.copies", count=copies)] if copies > 1 else []


def _provider(facts: dict[str, Any]) -> list[Text]:
    producer = facts["producer"]
    if producer is None:
        return []
    if producer["code"] is None:
        return [text("producer.written", name=producer["written"])]
    if not producer["valid"]:
        return [text("producer.invalid", code=producer["code"])]
    entity = producer["entity"]
    if entity is None:
        return [text("producer.unknown", uscc=producer["uscc"])]
    name = " · ".join(filter(None, (entity["name"], entity["service"])))
    return [text("producer.known", uscc=producer["uscc"], name=name, as_of=entity["as_of"])]


def _violations(facts: dict[str, Any]) -> list[Text]:
    found = [sentence_of_violation(Violation(**one)) for one in facts["violations"]]
    if not found:
        return []
    return [
        text("aigc.violations"),
        Text(en="; ".join(one.en for one in found) + ".", zh="；".join(one.zh for one in found) + "。"),
    ]
