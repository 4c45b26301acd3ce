"""What the boxes of a video say of camera, program, time and place: QuickTime's keys and user data.

iPhones write keys (``com.apple.quicktime.make``), Android phones keys of their own and the place as user text
(``©xyz``); the movie's header has a time. Apple, QuickTime File Format; ISO/IEC 14496-12; ISO 6709.
"""

from collections.abc import Mapping
from dataclasses import replace

from bixie.examiners.camera.capture import Capture, named_capture
from bixie.examiners.camera.moments import Moment, header_moment, moment_of
from bixie.examiners.camera.places import place_of_iso6709
from bixie.examiners.label.boxes import iso_media_texts
from bixie.imaging.structure.model import Structure

__all__ = ["capture_of_video"]

_APPLE, _ANDROID = "com.apple.quicktime.", "com.android."
_MAKE = (f"{_APPLE}make", f"{_ANDROID}manufacturer", "©mak", "make")
_MODEL = (f"{_APPLE}model", f"{_ANDROID}model", "©mod", "model")
_SOFTWARE = (f"{_APPLE}software", "©swr", "software")
_TIME = (f"{_APPLE}creationdate", "©day", "creationdate")
_PLACE = (f"{_APPLE}location.ISO6709", "©xyz", "location")
_ANDROID_VERSION = f"{_ANDROID}version"
_NAMES = frozenset((*_MAKE, *_MODEL, *_SOFTWARE, *_TIME, *_PLACE, _ANDROID_VERSION))
_MAX_BYTES = 1024


def capture_of_video(structure: Structure) -> Capture:
    """Return what the boxes of a video say; nothing of Matroska, whose tags name no camera."""
    said: dict[str, str] = {}
    for one in iso_media_texts(structure, _MAX_BYTES):
        if one.key in _NAMES:
            said.setdefault(one.key, one.text.strip(" \0"))
    android = said.get(_ANDROID_VERSION)
    software = _first(said, _SOFTWARE) or (f"Android {android}" if android else None)
    named = named_capture(_first(said, _MAKE), _first(said, _MODEL), software)
    place = place_of_iso6709(_first(said, _PLACE) or "")
    moment = moment_of(_first(said, _TIME))
    if moment is None and (named.make or place or android):
        # Any program writes the header; only beside a phone's own notes is it taken for the phone's clock.
        moment = _of_header(structure)
    fields = sum(value is not None for value in (named.make, named.model))
    return replace(named, camera_fields=fields, moment=moment, place=place)


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((said[name] for name in names if said.get(name)), None)


def _of_header(structure: Structure) -> Moment | None:
    headers = (node for node in structure.all_nodes() if node.kind == "mvhd")
    return next((header_moment(node.facts.get("created")) for node in headers), None)
