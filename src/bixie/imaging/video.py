"""Select frames of a video to compare: the first, every change of scene, and one at intervals.

Needs the extra ``video`` (PyAV). The demuxer follows from the sniffed type; nothing outside the file is read.
"""

import io
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from bixie.imaging.decode import Picture
from bixie.imaging.errors import ImagingError, note
from bixie.imaging.limits import Limits
from bixie.imaging.loader import check_memory, check_size
from bixie.imaging.sniff import is_video
from bixie.imaging.source import Source

__all__ = ["scene_frames"]

_DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-matroska": "matroska",
    "video/webm": "matroska",
}
_THUMBNAIL = 32
_SCENE_CHANGE = 10.0
"""Mean difference of two thumbnails, in levels of 255, above which the scene has changed.

It lies above what a hand in the picture, brighter light or noise change. Too low costs frames, which
`max_frames` bounds; too high loses scenes, which one frame per interval makes up for.
"""
_DENSE_KEYFRAMES_S = 2.5
"""Seconds between key frames up to which only key frames are decoded; phones write about one a second."""
_FRAME_BYTES = 15
"""Memory for each pixel of a frame: those that others are predicted from, and the one that is converted."""
_HD_LINES = 720
_UNSPECIFIED = 2
_BT709, _BT601 = 1, 5


@dataclass(slots=True)
class _Selected:
    """A frame that is selected so far; `change` is its difference from the one before it."""

    time_s: float
    picture: Picture
    thumbnail: np.ndarray
    change: float


def scene_frames(
    source: Source, limits: Limits, *, max_frames: int = 24, long_side: int | None = None
) -> list[tuple[float, Picture]]:
    """Select frames of a video by change of scene, in order of time.

    Parameters
    ----------
    source : Source
        A video.
    limits : Limits
        `Limits.frames` bounds the frames compared, `Limits.video_seconds` the time spent, `Limits.pixels` and
        `Limits.side` the size of the frames.
    max_frames : int
        Frames returned at most; those that differ least from the one before are dropped.
    long_side : int, optional
        Reduce frames as `bixie.imaging.decode.decode` does.

    Returns
    -------
    list of (float, Picture)
        Seconds from the start, and the frame; at least one. The first frame carries the warnings of the whole
        video.

    Raises
    ------
    ImagingError
        ``imaging.extra_missing`` without PyAV, ``imaging.broken`` when no frame can be read,
        ``imaging.side_too_long``, ``imaging.too_many_pixels``.
    """
    if not is_video(source.media_type):
        raise ImagingError("imaging.broken", path=source.path)
    try:
        import av  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise ImagingError("imaging.extra_missing", extra="video") from error
    deadline = time.monotonic() + limits.video_seconds
    chosen = _FrameSelection(max_frames)
    complete = True
    try:
        for time_s, frame in _frames(av, source, limits, chosen):
            check_size(frame.width, frame.height, limits)
            chosen.consider(time_s, frame, long_side)
            if time.monotonic() > deadline:
                complete = False
                break
    except ImagingError:
        raise
    except Exception:
        # PyAV raises its own errors, and plain ones where a hostile file leaves it without a codec or format;
        # the frames before stand.
        complete = False
    if not chosen.kept:
        raise ImagingError("imaging.broken", path=source.path)
    found = [(kept.time_s, kept.picture) for kept in chosen.kept]
    if not complete:
        first_time, first = found[0]
        found[0] = (
            first_time,
            replace(first, warnings=(*first.warnings, note("imaging.video_not_to_its_end"))),
        )
    return found


class _FrameSelection:
    """Keeps frames that differ from the last one kept, or come long after it."""

    def __init__(self, max_frames: int) -> None:
        self.kept: list[_Selected] = []
        self.interval_s = 1.0
        self.max_frames = max(1, max_frames)

    def consider(self, time_s: float, frame: Any, long_side: int | None) -> None:
        thumbnail = _thumbnail(frame)
        change = float("inf")
        if self.kept:
            last = self.kept[-1]
            change = float(cv2.absdiff(thumbnail, last.thumbnail).mean())
            if change < _SCENE_CHANGE and time_s - last.time_s < self.interval_s:
                return
        self.kept.append(_Selected(time_s, _picture(frame, long_side), thumbnail, change))
        if len(self.kept) > self.max_frames:
            self._drop_one()

    def _drop_one(self) -> None:
        index = min(range(1, len(self.kept)), key=lambda i: self.kept[i].change, default=0)
        del self.kept[index]
        if 0 < index < len(self.kept):
            before, after = self.kept[index - 1], self.kept[index]
            after.change = float(cv2.absdiff(before.thumbnail, after.thumbnail).mean())


def _open_container(av: Any, source: Source) -> Any:
    """Open the container; PyAV before 19 fails on metadata that is not UTF-8 unless it is told to replace."""
    tolerant = {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}
    return av.open(io.BytesIO(source.data), format=_DEMUXERS[source.media_type], **tolerant)


def _frames(av: Any, source: Source, limits: Limits, chosen: _FrameSelection) -> Iterator[tuple[float, Any]]:
    """Yield the frames to compare, with their times, spread over the whole video."""
    with _open_container(av, source) as container:
        stream = _stream(container)
        times, keys = _packet_times(container, stream)
        size = stream.codec_context.width, stream.codec_context.height
        check_size(*size, limits)
        check_memory(*size, _FRAME_BYTES, limits)
    chosen.interval_s = max(1.0, (times[-1] - times[0]) / chosen.max_frames) if times else 1.0
    keys_only = len(times) > limits.frames and _longest_gap(keys, times) <= _DENSE_KEYFRAMES_S
    step = -(-len(keys if keys_only else times) // limits.frames) or 1
    with _open_container(av, source) as container:
        stream = _stream(container)
        stream.thread_type = "AUTO"
        if keys_only:
            stream.codec_context.skip_frame = "NONKEY"
        for index, frame in enumerate(container.decode(stream)):
            if index % step == 0:
                yield _time_of(frame, index, stream), frame


def _stream(container: Any) -> Any:
    stream = container.streams.best("video")
    if stream is None:
        raise ImagingError("imaging.broken")
    return stream


def _packet_times(container: Any, stream: Any) -> tuple[list[float], list[float]]:
    """Return the times of all frames and of the key frames, sorted, without decoding."""
    times: list[float] = []
    keys: list[float] = []
    for packet in container.demux(stream):
        if packet.pts is not None and packet.time_base is not None:
            time_s = float(packet.pts * packet.time_base)
            times.append(time_s)
            if packet.is_keyframe:
                keys.append(time_s)
    return sorted(times), sorted(keys)


def _longest_gap(keys: list[float], times: list[float]) -> float:
    ends = [*keys, times[-1]] if times else keys
    return max((after - before for before, after in itertools.pairwise(ends)), default=float("inf"))


def _time_of(frame: Any, index: int, stream: Any) -> float:
    if frame.time is not None:
        return float(frame.time)
    rate = stream.average_rate
    return float(index / rate) if rate else float(index)


def _thumbnail(frame: Any) -> np.ndarray:
    small: np.ndarray = frame.reformat(_THUMBNAIL, _THUMBNAIL, "rgb24", interpolation="AREA").to_ndarray()
    return small


def _picture(frame: Any, long_side: int | None) -> Picture:
    # Unspecified: players take BT.709 for high definition and BT.601 below it.
    colours = frame.colorspace
    if int(colours) == _UNSPECIFIED:
        colours = _BT709 if frame.height >= _HD_LINES else _BT601
    rgb = frame.reformat(format="rgb24", src_colorspace=colours).to_ndarray()
    # The display matrix turns counter-clockwise, as rot90 does.
    rgb = np.rot90(rgb, round(frame.rotation / 90) % 4)
    height, width = rgb.shape[:2]
    if long_side and max(width, height) > long_side:
        factor = long_side / max(width, height)
        size = max(1, round(width * factor)), max(1, round(height * factor))
        rgb = cv2.resize(np.ascontiguousarray(rgb), size, interpolation=cv2.INTER_AREA)
    return Picture(np.ascontiguousarray(rgb), width, height)
