"""One file of a claim, from its bytes to its verdict. A failure stays inside this file's result."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bixie.examiners.call_examiners import call_on_container, call_on_picture, merge, without_pixels
from bixie.examiners.config import ExaminationConfig
from bixie.examiners.files import EXAMINING_LONG_SIDE, file_error, file_warning
from bixie.examiners.fusion import fuse_exhibit
from bixie.examiners.protocol import AnyExaminer, Container, Context, Exhibit
from bixie.examiners.results import ComparisonView, ExhibitResult, FileError, Finding, Verdict
from bixie.examiners.validation import ExaminerOutput
from bixie.examiners.views import comparison_view, view
from bixie.imaging.decode import Picture, decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import is_video
from bixie.imaging.source import Source, read_source
from bixie.imaging.structure import walk
from bixie.imaging.video import scene_frames
from bixie.kit.messages import Text

__all__ = ["examine_file", "unreadable"]

_NO_VIDEO_READER = "imaging.extra_missing"
_TOO_LARGE = frozenset(
    {
        "imaging.side_too_long",
        "imaging.too_many_pixels",
        "imaging.too_many_scans",
        "imaging.too_much_memory",
    }
)
"""Refusals that leave the container to be read: no pixel was decoded, and nothing is damaged."""


@dataclass(frozen=True, slots=True)
class _Pixels:
    """What pixel examiners see: one picture, the frames of a video, or nothing with the reason.

    `refusal` is the reason where the file is too large to decode; `missing` its sentence, or another reason.
    """

    pictures: tuple[Picture, ...] = ()
    times_s: tuple[float, ...] | None = None
    missing: Text | None = None
    refusal: FileError | None = None


def examine_file(
    path: str, config: ExaminationConfig, context: Context, viewing_side: int | None
) -> ExhibitResult:
    """Examine one file.

    Parameters
    ----------
    path : str
        A file; a folder is expanded before.
    config : ExaminationConfig
    context : Context
    viewing_side : int or None
        Long side, in pixels, of the pictures kept for the report page; None keeps none.

    Returns
    -------
    ExhibitResult
        `Verdict.UNREADABLE` with the error if the file cannot be read or decoded. What its container says is
        reported all the same where only its size forbids decoding; if that decides, the refusal is a
        warning. Never raises for anything the file or an examiner does.
    """
    begin = time.perf_counter()
    source: Source | None = None
    try:
        source = (config.read or read_source)(path, config.limits)
        container = Container(path, source, walk(source, config.limits), config.limits)
        pixels = _decode_pixels(container, config.limits)
        decoded = time.perf_counter()
        output = _ask(container, pixels, config.examiners.examiners, context)
        result = replace(
            _result(container, pixels, output, viewing_side), presentations=config.examiners.presentations
        )
    except Exception as error:  # hostile bytes: no failure here may stop the other files
        return unreadable(path, file_error(error), source=source, seconds=time.perf_counter() - begin)
    return replace(
        result, timing_ms={"decode": _ms(decoded - begin), "total": _ms(time.perf_counter() - begin)}
    )


def unreadable(
    path: str, error: FileError, *, source: Source | None = None, seconds: float = 0.0
) -> ExhibitResult:
    """Return the result for a file that could not be examined."""
    return ExhibitResult(
        path=path,
        sha256=source.sha256 if source else None,
        media_type=source.media_type if source else None,
        width=None,
        height=None,
        verdict=Verdict.UNREADABLE,
        score_bits=None,
        error=error,
        timing_ms={"decode": 0.0, "total": _ms(seconds)},
        facts={"size_bytes": len(source.data)} if source else {},
    )


def _decode_pixels(container: Container, limits: Limits) -> _Pixels:
    try:
        return _decoded(container, limits)
    except ImagingError as error:
        if error.code not in _TOO_LARGE:
            raise
        return _Pixels(missing=error.text, refusal=file_error(error))


def _decoded(container: Container, limits: Limits) -> _Pixels:
    source = container.source
    if not is_video(source.media_type):
        picture = decode(source, limits, long_side=EXAMINING_LONG_SIDE, structure=container.structure)
        return _Pixels((picture,))
    try:
        frames = scene_frames(source, limits, long_side=EXAMINING_LONG_SIDE)
    except ImagingError as error:
        if error.code != _NO_VIDEO_READER:
            raise
        return _Pixels(missing=error.text)
    return _Pixels(tuple(picture for _, picture in frames), tuple(round(time_s, 3) for time_s, _ in frames))


def _ask(
    container: Container, pixels: _Pixels, examiners: Sequence[AnyExaminer], context: Context
) -> ExaminerOutput:
    output = call_on_container(examiners, container, context)
    if pixels.missing:
        output = merge((output, without_pixels(examiners, pixels.missing)))
    for index, picture in enumerate(pixels.pictures):
        exhibit = Exhibit(container.path, container.source, container.structure, picture)
        about_picture = call_on_picture(examiners, exhibit, context)
        if pixels.times_s is None:
            return merge((output, about_picture))
        # Frame by frame: the comparisons of every frame together would not fit in memory.
        output = merge((output, _at(about_picture, pixels.times_s[index])))
        output = replace(output, findings=_strongest(output.findings))
    return output


def _at(output: ExaminerOutput, time_s: float) -> ExaminerOutput:
    return replace(
        output,
        findings=tuple(replace(f, data={**f.data, "exhibit_time_s": time_s}) for f in output.findings),
    )


def _strongest(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the strongest finding for each code and known picture: frames of one scene repeat one fact."""
    kept: dict[tuple[str, str | None], Finding] = {}
    for finding in findings:
        key = finding.code, finding.known
        if key not in kept or abs(finding.strength_bits) > abs(kept[key].strength_bits):
            kept[key] = finding
    return tuple(kept.values())


def _result(
    container: Container, pixels: _Pixels, output: ExaminerOutput, viewing_side: int | None
) -> ExhibitResult:
    verdict, score = fuse_exhibit(output.findings)
    # What nobody could look at is unreadable, unless what the file says of itself settles it.
    unseen = pixels.refusal is not None and verdict not in (Verdict.REFUTED, Verdict.SUSPECT)
    refused = (pixels.refusal,) if pixels.refusal and not unseen else ()
    first = pixels.pictures[0] if pixels.pictures else None
    notes = (*container.structure.warnings, *(first.warnings if first else ()))
    # What is not decoded has the size of its header, which may be any, or none.
    seen = first or container.structure
    width, height = seen.width or None, seen.height or None
    return ExhibitResult(
        path=container.path,
        sha256=container.source.sha256,
        media_type=container.source.media_type,
        width=None if unseen else width,
        height=None if unseen else height,
        verdict=Verdict.UNREADABLE if unseen else verdict,
        score_bits=None if unseen else round(score, 3),
        findings=tuple(replace(finding, comparison=None) for finding in output.findings),
        comparisons=_comparisons(output.findings, viewing_side, video=pixels.times_s is not None),
        not_applicable=tuple(dict.fromkeys(output.not_applicable)),
        error=pixels.refusal if unseen else None,
        warnings=tuple(dict.fromkeys((*refused, *output.warnings, *map(file_warning, notes)))),
        facts={"size_bytes": len(container.source.data)},
        preview=view(first.rgb, viewing_side) if first and viewing_side else None,
    )


def _comparisons(
    findings: tuple[Finding, ...], viewing_side: int | None, *, video: bool
) -> tuple[ComparisonView | None, ...]:
    if viewing_side is None:
        return ()
    return tuple(
        comparison_view(finding.comparison, viewing_side, own_exhibit=video) if finding.comparison else None
        for finding in findings
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
