"""Where a file comes from: findings about marks, credentials and notes, as rows that a lay person can read.

What is read here came out of a file or from an examiner of another package, so no key of
``data`` is relied on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bixie.examiners.results import Finding, NotApplicable
from bixie.kit.messages import Text, catalogue

__all__ = ["Fact", "Provenance", "Row", "is_about_origin", "provenance_of"]

_PACKAGE = "bixie.report.page"
_EXAMINERS = ("label", "credentials", "camera")
_WORDS = (
    ("label.removed.", "removed"),
    ("label.source.", "source"),
    ("label.software.", "software"),
    ("label.", "ai"),
    ("credentials.", "credentials"),
    ("camera.outside_order", "time"),
    ("camera.far_from_delivery", "place"),
    ("camera.thumbnail_", "preview"),
    ("camera.", "camera"),
)
"""The word of a row, by the beginning of its code; the first that fits."""
_ORDER = ("ai", "credentials", "removed", "source", "software", "camera", "time", "place", "preview")
_MARKS = frozenset({"ai", "credentials", "removed"})
_TAKEN_OUT = frozenset({"zeros", "missing"})
_ANSWERS = ("signature", "signer", "binding")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a row: what it is about, and what the file says."""

    name: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One finding in plain words.

    Parameters
    ----------
    word : str
        Key of the word above the row, also its class in the style sheet: ``ai``, ``credentials``, …
    sentence : Text
    facts : tuple of Fact
    finding : Finding
    shortened : bool
        Whether the finding's own sentence says more than `sentence`.
    """

    word: str
    sentence: Text
    facts: tuple[Fact, ...]
    finding: Finding
    shortened: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known about the origin of one file.

    Parameters
    ----------
    rows : tuple of Row
        AI marks first, then credentials, traces of removal, and what weighs nothing.
    silent : tuple of NotApplicable
        Examiners of the origin that found nothing to read.
    """

    rows: tuple[Row, ...]
    silent: tuple[NotApplicable, ...]

    @property
    def has_marks(self) -> bool:
        """Whether there is a mark, a credential or a trace of one; notes of a camera are none."""
        return any(row.word in _MARKS for row in self.rows)


def is_about_origin(examiner_or_code: str) -> bool:
    """Return whether a finding's code, or an examiner's name, belongs into the panel."""
    return examiner_or_code.partition(".")[0] in _EXAMINERS


def provenance_of(findings: Iterable[Finding], not_applicable: Iterable[NotApplicable]) -> Provenance:
    """Return the panel of one file.

    Parameters
    ----------
    findings : iterable of Finding
        Of every examiner; the order among equals is kept.
    not_applicable : iterable of NotApplicable
    """
    rows = [_row(finding) for finding in findings if is_about_origin(finding.code)]
    return Provenance(
        rows=tuple(sorted(rows, key=lambda row: _ORDER.index(row.word))),
        silent=tuple(one for one in not_applicable if is_about_origin(one.examiner)),
    )


def _row(finding: Finding) -> Row:
    shorter = _shorter(finding)
    return Row(
        word=_word(finding),
        sentence=shorter or finding.explain,
        facts=tuple(_facts(finding.code, finding.data)),
        finding=finding,
        shortened=shorter is not None,
    )


def _word(finding: Finding) -> str:
    if finding.data.get("remains") in _TAKEN_OUT:
        return "removed"
    return next(word for start, word in _WORDS if finding.code.startswith(start))


def _shorter(finding: Finding) -> Text | None:
    """Return a shorter sentence for a finding whose own one repeats what stands in the facts."""
    key = f"origin.short.{finding.code}"
    if finding.code == "camera.outside_order":
        key = f"origin.short.camera.{finding.data.get('which')}"
    elif finding.code.startswith("credentials.") and not finding.data.get("state"):
        return None  # The credential was not read: the finding's own sentence says why.
    return _text(key) if _known(key) else None


def _facts(code: str, data: Mapping[str, Any]) -> Iterator[Fact]:
    if code.startswith("label.aigc."):
        yield from _label_facts(data)
    elif code.startswith("credentials."):
        yield from _credential_facts(data)
    elif code == "camera.facts":
        yield from _camera_facts(data)


def _label_facts(data: Mapping[str, Any]) -> Iterator[Fact]:
    for role in ("producer", "propagator"):
        named = data.get(role)
        if isinstance(named, Mapping):
            yield _fact(role, _named(named))
    faults = len(data.get("violations") or ())
    if faults:
        yield _fact("form", _text("origin.form.faults", count=faults))
    elif data.get("grade") == "compliant":
        yield _fact("form", _text("origin.form.whole"))
    if (copies := data.get("copies") or 1) > 1:
        yield _fact("copies", _as_written(copies))


def _named(named: Mapping[str, Any]) -> Text:
    """Return whom a code names, as far as it tells."""
    if named.get("code") is None:
        return _text("origin.named.written", name=named.get("written") or "–")
    if not named.get("valid"):
        return _text("origin.named.invalid", code=named["code"])
    entity = named.get("entity")
    if not entity:
        return _text("origin.named.unknown", uscc=named.get("uscc"))
    name = " · ".join(filter(None, (entity.get("name"), entity.get("service"))))
    return _text("origin.named.known", name=name, uscc=named.get("uscc"))


def _credential_facts(data: Mapping[str, Any]) -> Iterator[Fact]:
    for question in _ANSWERS:
        key = f"origin.answer.{question}.{data.get(question)}"
        if _known(key):
            yield _fact(question, _text(key))
    # Of a credential that does not hold, what it says about the origin is left out.
    if data.get("signature") == "invalid" or data.get("binding") == "broken":
        return
    for key in ("issuer", "claim_generator"):
        if data.get(key):
            yield _fact(key, _as_written(data[key]))
    if data.get("signed_at"):
        yield _fact("signed_at", _as_written(_moment(data["signed_at"])))
    if actions := data.get("actions"):
        yield _fact("actions", _listed(dict.fromkeys(_action(one) for one in actions)))
    named = (f"origin.ai_mark.{mark.get('place')}" for mark in data.get("ai_marks") or ())
    if places := [_text(key) for key in dict.fromkeys(named) if _known(key)]:
        yield _fact("ai_marks", _listed(places))


def _action(action: Mapping[str, Any]) -> Text:
    name = str(action.get("action"))
    key = f"origin.action.{name.removeprefix('c2pa.').lower()}"
    done = _text(key) if _known(key) else _as_written(name)
    source = f"origin.by.{str(action.get('digital_source_type')).rpartition('/')[2].lower()}"
    if not _known(source):
        return done
    by = _text(source)
    return Text(en=f"{done.en} ({by.en})", zh=f"{done.zh}（{by.zh}）")


def _camera_facts(data: Mapping[str, Any]) -> Iterator[Fact]:
    if data.get("make"):
        yield _fact("camera", _as_written(" ".join(filter(None, (data["make"], data.get("model"))))))
    elif data.get("make_is_camera") is False:
        yield _fact("camera", _text("origin.camera.none"))
    if data.get("software"):
        yield _fact("written_by", _as_written(data["software"]))
    if data.get("captured_at"):
        yield _fact("captured_at", _text("origin.captured_at.clock", moment=_moment(data["captured_at"])))
    yield from _place_facts(data)
    if data.get("messenger"):
        yield _fact("name", _text("origin.name.messenger", messenger=data["messenger"]))
    if data.get("generator_canvas"):
        yield _fact("canvas", _text("origin.canvas.generator"))
    if data.get("odd"):
        yield _fact(
            "odd", _listed(_text(f"origin.odd.{one}") for one in data["odd"] if one in ("time", "place"))
        )
    if family := _family(data.get("compression") or {}):
        yield _fact("compression", family)


def _place_facts(data: Mapping[str, Any]) -> Iterator[Fact]:
    if data.get("distance_km") is not None:
        yield _fact("place", _text("origin.place.distance", distance=f"{data['distance_km']:,}"))
    if place := data.get("place"):
        yield _fact("coordinates", _as_written(f"{place.get('lat')}, {place.get('lon')}"))
    elif data.get("has_place") and data.get("distance_km") is None:
        yield _fact("place", _text("origin.place.kept"))


def _family(compression: Mapping[str, Any]) -> Text | None:
    if compression.get("family") == "ijg":
        return _text("origin.compression.ijg", quality=compression.get("quality"))
    if compression.get("family") == "listed":
        return _text("origin.compression.listed", seen=", ".join(map(str, compression.get("seen") or ())))
    return None


def _fact(key: str, value: Text) -> Fact:
    return Fact(_text(f"origin.fact.{key}"), value)


def _as_written(value: object) -> Text:
    return Text(en=str(value), zh=str(value))


def _moment(written: object) -> str:
    return str(written).replace("T", " ")


def _listed(parts: Iterable[Text]) -> Text:
    every = list(parts)
    return Text(en=", ".join(part.en for part in every), zh="、".join(part.zh for part in every))


def _known(key: str) -> bool:
    return key in catalogue(_PACKAGE).sentences


def _text(key: str, **values: object) -> Text:
    return catalogue(_PACKAGE).text(key, **values)
