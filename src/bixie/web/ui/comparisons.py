"""What the viewer shows of a case: each picture, against each known picture that was found for it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bixie.access.call import Call
from bixie.cases.schemas import CaseExhibitOut, CaseOut
from bixie.examinations.reading import read_part, with_id
from bixie.imaging.sniff import is_video
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import parse_timestamp
from bixie.vault import repository as vault
from bixie.vault.models import Exhibit, State
from bixie.vault.renditions import LongSide

__all__ = ["Pair", "examined_files", "pairs_of", "screen_address"]

Pair = dict[str, Any]
"""As ``viewer.js`` takes it."""

_PACKAGE = "bixie.web.ui"
_BROWSERS_SHOW = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})


def examined_files(call: Call, case: CaseOut) -> dict[str, dict[str, Any]]:
    """Return what the newest report says of each examined file of a case, by the id of the exhibit.

    Each is an entry of the report's ``exhibits`` with the report's id as ``report`` and its known pictures as
    ``known``. A report that cannot be read is left out. The ledger records the access.

    Parameters
    ----------
    call : Call
        Of somebody who sees the merchant's rows.
    case : CaseOut
    """
    found = {}
    for report in dict.fromkeys(one.report for one in case.exhibits if one.report is not None):
        try:
            part = read_part(
                call.store, call.principal, call.blobs, with_id(call.store, call.principal, report)
            )
        except BixieError:
            continue
        document = json.loads(part.data)
        for one in document["exhibits"]:
            found[one.get("id")] = {**one, "report": report, "known": document["known"]}
    mine = {one.id: one.report for one in case.exhibits}
    return {key: one for key, one in found.items() if mine.get(key) == one["report"]}


def pairs_of(
    call: Call, case: CaseOut, files: Mapping[str, Mapping[str, Any]], language: Language
) -> list[Pair]:
    """Return what there is to compare, what speaks most against a picture first.

    Parameters
    ----------
    call : Call
    case : CaseOut
    files : mapping
        Of `examined_files`.
    language : {"zh", "en"}
        Of the labels.
    """
    wanted = {one.id for one in case.exhibits}
    wanted |= {each["data"].get("known_id") for one in files.values() for each in one["findings"]} - {None}
    with call.reading() as session:
        kept = {one: vault.by_id(session, one) for one in wanted}
    pictures = {one.id: one for one in kept.values() if one is not None and _can_be_shown(one)}
    pairs = [
        pair
        for shown in case.exhibits
        if shown.id in pictures
        for pair in _pairs(shown, pictures, files.get(shown.id), language)
    ]
    return sorted(pairs, key=lambda pair: -pair["bits"])


def screen_address(exhibit_id: str, side: LongSide = LongSide.SCREEN) -> str:
    """Return where a picture lies in the size of a screen."""
    return f"/api/v1/exhibits/{exhibit_id}/rendition?side={int(side)}"


def _can_be_shown(exhibit: Exhibit) -> bool:
    return exhibit.state == State.KEPT and not is_video(exhibit.media_type)


def _pairs(
    shown: CaseExhibitOut,
    pictures: Mapping[str, Exhibit],
    file: Mapping[str, Any] | None,
    language: Language,
) -> Iterator[Pair]:
    claim = _picture(pictures[shown.id], "claim", language) | {
        key: None if file is None else file[key] for key in ("width", "height")
    }
    found = (
        [] if file is None else [one for one in file["findings"] if one["data"].get("known_id") in pictures]
    )
    for finding in found:
        data = finding["data"]
        known = _picture(pictures[data["known_id"]], "known", language, _since(file, data["known_id"]))
        yield _pair(claim, known, finding)
    if not found:
        marks = [] if file is None else [one for one in file["findings"] if one["regions"]]
        yield _pair(claim, None, marks[0] if marks else None)


def _pair(claim: Pair, known: Pair | None, finding: Mapping[str, Any] | None) -> Pair:
    data: Mapping[str, Any] = {} if finding is None else finding["data"]
    return {
        "title": claim["name"] if known is None else f"{claim['name']} – {known['name']}",
        "claim": claim,
        "known": known,
        "code": None if finding is None else finding["code"],
        "bits": 0.0 if finding is None else finding["strength_bits"],
        "placement": data.get("homography"),
        "identical": bool(data.get("identical_bytes")),
        "regions": [] if finding is None else finding["regions"],
        "marks": (data.get("annotation") or {}).get("regions", []),
    }


def _picture(exhibit: Exhibit, side: str, language: Language, since: str | None = None) -> Pair:
    content, as_it_is = f"/api/v1/exhibits/{exhibit.id}/content", exhibit.media_type in _BROWSERS_SHOW
    key = f"ui.viewer.{side}" + (".since" if since else "")
    label = catalogue(_PACKAGE).text(key, name=exhibit.name, since=since or "")
    return {
        "name": exhibit.name,
        "label": label.in_(language),
        "screen": screen_address(exhibit.id),
        "full": content if as_it_is else screen_address(exhibit.id, LongSide.FULL),
    }


def _since(file: Mapping[str, Any] | None, known_id: str) -> str | None:
    """Return the day since which a known picture is on record."""
    known: Sequence[Mapping[str, Any]] = [] if file is None else file["known"]
    kept = next((one.get("kept") for one in known if one.get("id") == known_id), None)
    return None if not kept else parse_timestamp(kept["since"]).date().isoformat()
