"""How the notes of cameras, programs and messengers present themselves in report and page."""

from collections.abc import Iterator

from bixie.examiners.camera.capture import Capture
from bixie.examiners.camera.notes import Notes
from bixie.examiners.camera.order_facts import rounded_km
from bixie.examiners.camera.tables import Compression
from bixie.examiners.presentation import ORIGIN, Effect, Fact, Presentation, Row, Topic
from bixie.kit.messages import Text, catalogue

__all__ = [
    "PRESENTATION",
    "row_of_distance",
    "row_of_notes",
    "row_of_thumbnail",
    "row_of_time",
    "text_of_messenger",
]

_WORDS = catalogue("bixie.examiners.camera")

PRESENTATION = Presentation(words=_WORDS, effects={"camera.*": Effect.NONE}, panel=ORIGIN)

_CAMERA, _TIME, _PLACE, _PREVIEW = (
    Topic(_WORDS.text(f"camera.topic.{key}"), rank)
    for key, rank in (("camera", 60), ("time", 70), ("place", 80), ("preview", 90))
)


def row_of_notes(notes: Notes, *, show_place: bool) -> Row:
    """Return how the page sets out what a file notes about itself.

    Parameters
    ----------
    notes : Notes
    show_place : bool
        Show coordinates.
    """
    facts = (
        *_of_capture(notes.capture),
        *_of_place(notes, show_place=show_place),
        *_of_picture(notes),
        *_of_compression(notes.compression),
    )
    return Row(_CAMERA, _WORDS.text("camera.brief.facts"), facts)


def row_of_time(which: str) -> Row:
    """Return how the page sets out a time ``before_delivery`` or ``after_claim``."""
    return Row(_TIME, _WORDS.text(f"camera.brief.{which}"), remark=_WORDS.text(f"camera.remark.{which}"))


def row_of_distance() -> Row:
    """Return how the page sets out a place that is far from the place of delivery."""
    return Row(_PLACE, _WORDS.text("camera.brief.far_from_delivery"))


def row_of_thumbnail() -> Row:
    """Return how the page sets out what the preview inside the file shows."""
    return Row(_PREVIEW)


def text_of_messenger(key: str, messenger: str) -> Text:
    """Return a sentence with the messenger's name as it is called in each language."""
    sentence, name = _WORDS.sentences[key], _WORDS.text(f"camera.messenger.{messenger}")
    return Text(en=sentence.en.format(messenger=name.en), zh=sentence.zh.format(messenger=name.zh))


def _of_capture(capture: Capture) -> Iterator[Fact]:
    if capture.make:
        name = " ".join(filter(None, (capture.make, capture.model)))
        not_listed = _WORDS.text("camera.camera.not_listed", name=name)
        yield _fact("camera", not_listed if capture.maker == "not_listed" else _as_written(name))
    elif capture.maker == "something_else":
        yield _fact("camera", _WORDS.text("camera.camera.none"))
    if capture.software:
        yield _fact("written_by", _as_written(capture.software))
    if capture.moment:
        moment = capture.moment.text.replace("T", " ")
        yield _fact("captured_at", _WORDS.text("camera.captured_at.clock", moment=moment))
    if capture.satellites:
        key = "disagrees" if capture.clocks_disagree else "alone"
        moment = capture.satellites.text.replace("T", " ")
        yield _fact("satellites", _WORDS.text(f"camera.satellites.{key}", moment=moment))


def _of_place(notes: Notes, *, show_place: bool) -> Iterator[Fact]:
    place, distance = notes.capture.place, notes.order.distance_km
    if distance is not None:
        yield _fact("place", _WORDS.text("camera.place.distance", distance=f"{rounded_km(distance):,}"))
    if place and show_place:
        yield _fact("coordinates", _as_written(f"{round(place.lat, 6)}, {round(place.lon, 6)}"))
    elif place and distance is None:
        yield _fact("place", _WORDS.text("camera.place.kept"))


def _of_picture(notes: Notes) -> Iterator[Fact]:
    if notes.messenger:
        yield _fact("name", text_of_messenger("camera.name.messenger", notes.messenger))
    if notes.canvas:
        yield _fact("canvas", _WORDS.text("camera.canvas.generator"))
    if notes.capture.odd:
        odd = [_WORDS.text(f"camera.odd.{one}") for one in notes.capture.odd]
        listed = Text(en=", ".join(one.en for one in odd), zh="、".join(one.zh for one in odd))
        yield _fact("odd", listed)


def _of_compression(compression: Compression | None) -> Iterator[Fact]:
    if compression is not None and compression.family != "unknown":
        values = {"quality": compression.quality, "seen": ", ".join(compression.seen)}
        yield _fact("compression", _WORDS.text(f"camera.compression.{compression.family}", **values))


def _fact(key: str, value: Text) -> Fact:
    return Fact(_WORDS.text(f"camera.fact.{key}"), value)


def _as_written(text: str) -> Text:
    return Text(en=text, zh=text)
