"""Turn notes into findings. All are informative: every note is easily written and easily lost."""

from typing import Any

from bixie.examiners.camera.capture import Capture
from bixie.examiners.camera.moments import Moment
from bixie.examiners.camera.notes import Notes
from bixie.examiners.camera.order_facts import FAR_KM, OrderFacts, rounded_km
from bixie.examiners.camera.presentation import (
    row_of_distance,
    row_of_notes,
    row_of_thumbnail,
    row_of_time,
    text_of_messenger,
)
from bixie.examiners.camera.thumbnail import Comparison
from bixie.examiners.presentation import Row
from bixie.examiners.results import Finding, Grade, NotApplicable
from bixie.kit.messages import Text, catalogue

__all__ = ["finding_of_notes", "finding_of_thumbnail", "findings_of_order", "not_applicable"]

_PACKAGE = "bixie.examiners.camera"
_NAME = "camera"


def not_applicable() -> NotApplicable:
    """Say that the file tells nothing about a camera."""
    return NotApplicable(_NAME, _text("camera.silent"))


def finding_of_notes(notes: Notes, *, show_place: bool) -> Finding:
    """Say what the file notes about itself.

    Parameters
    ----------
    notes : Notes
    show_place : bool
        Put the coordinates into ``data``; otherwise only the distance is there.
    """
    parts = [_text(f"camera.note.{key}", **values) for key, values in _notes(notes)]
    if notes.messenger:
        parts.append(text_of_messenger("camera.note.messenger", notes.messenger))
    listed = Text(en="; ".join(part.en for part in parts), zh="；".join(part.zh for part in parts))
    template = catalogue(_PACKAGE).sentences["camera.facts"]
    explain = Text(en=template.en.format(notes=listed.en), zh=template.zh.format(notes=listed.zh))
    row = row_of_notes(notes, show_place=show_place)
    return _finding("camera.facts", explain, "facts", _data(notes, show_place=show_place), row)


def findings_of_order(capture: Capture, facts: OrderFacts) -> list[Finding]:
    """Say where time and place do not fit the order."""
    found = []
    moment = capture.moment.text if capture.moment else None
    for flag, which in ((facts.before_delivery, "before_delivery"), (facts.after_claim, "after_claim")):
        if flag:
            text = _text(f"camera.outside_order.{which}", moment=moment)
            data = {"captured_at": moment, "which": which, "caveat": "clock"}
            found.append(_finding("camera.outside_order", text, "time", data, row_of_time(which)))
    if facts.distance_km is not None and facts.distance_km >= FAR_KM:
        text = _text("camera.far_from_delivery", distance=rounded_km(facts.distance_km))
        found.append(_finding("camera.far_from_delivery", text, "place", _distance(facts), row_of_distance()))
    return found


def finding_of_thumbnail(found: Comparison, capture: Capture) -> Finding:
    """Say whether the embedded preview shows the same picture, or a part of it."""
    differs = found.shows == "another"
    code = "camera.thumbnail_differs" if differs else "camera.thumbnail_agrees"
    explain = _text("camera.thumbnail_part" if found.shows == "part" else code)
    data = {
        "likeness": round(found.likeness, 3),
        "shows": found.shows,
        "claims_camera": capture.claims_camera,
    }
    return _finding(code, explain, "thumbnail" if differs else "facts", data, row_of_thumbnail())


def _notes(notes: Notes) -> list[tuple[str, dict[str, object]]]:
    capture, compression = notes.capture, notes.compression
    notes_there: list[tuple[bool, str, dict[str, object]]] = [
        (bool(capture.make), "camera", {"make": capture.make, "model": capture.model or ""}),
        (capture.maker == "something_else", "no_camera", {}),
        (capture.maker == "not_listed", "maker_not_listed", {}),
        (bool(capture.software), "software", {"software": capture.software}),
        (bool(capture.moment), "moment", {"moment": _text_of(capture.moment)}),
        (bool(capture.satellites), "satellites", {"moment": _text_of(capture.satellites)}),
        (bool(capture.clocks_disagree), "clocks_disagree", {}),
        (
            notes.order.distance_km is not None,
            "distance",
            {"distance": rounded_km(notes.order.distance_km or 0)},
        ),
        (capture.place is not None and notes.order.distance_km is None, "place", {}),
        (notes.canvas, "canvas", {"width": notes.width, "height": notes.height}),
        (bool(capture.odd), "odd", {}),
    ]
    if compression and compression.family != "unknown":
        values: dict[str, object] = {"quality": compression.quality, "seen": ", ".join(compression.seen)}
        notes_there.append((True, f"compression.{compression.family}", values))
    return [(key, values) for is_there, key, values in notes_there if is_there]


def _data(notes: Notes, *, show_place: bool) -> dict[str, Any]:
    capture, compression = notes.capture, notes.compression
    data: dict[str, Any] = {
        "make": capture.make,
        "model": capture.model,
        "make_is_camera": {"listed": True, "something_else": False}.get(capture.maker or ""),
        "software": capture.software,
        "captured_at": _text_of(capture.moment or capture.satellites) or None,
        "clock": "camera" if capture.moment else "satellites" if capture.satellites else None,
        "satellites_at": _text_of(capture.satellites) or None,
        "clocks_disagree": capture.clocks_disagree,
        "caveat": "clock" if capture.moment or capture.satellites else None,
        "has_place": capture.place is not None,
        "messenger": notes.messenger,
        "generator_canvas": notes.canvas,
        "odd": list(capture.odd),
        "compression": {
            "family": compression.family,
            "quality": compression.quality,
            "seen": list(compression.seen),
            "sampling": compression.sampling,
            "fingerprint": compression.fingerprint,
        } if compression else None,
        **_distance(notes.order),
    }  # fmt: skip
    if show_place and capture.place:
        data["place"] = {"lat": round(capture.place.lat, 6), "lon": round(capture.place.lon, 6)}
    return data


def _text_of(moment: Moment | None) -> str:
    return moment.text if moment else ""


def _distance(facts: OrderFacts) -> dict[str, Any]:
    return {"distance_km": None if facts.distance_km is None else rounded_km(facts.distance_km)}


def _finding(code: str, explain: Text, limits: str, data: dict[str, Any], row: Row) -> Finding:
    return Finding(
        examiner=_NAME,
        code=code,
        grade=Grade.INFORMATIVE,
        strength_bits=0.0,
        explain=explain,
        limits=_text(f"camera.limits.{limits}"),
        data=data,
        row=row,
    )


def _text(key: str, **values: object) -> Text:
    return catalogue(_PACKAGE).text(key, **values)
