"""Scenes of small videos, drawn and encoded by PyAV; without the extra only its absence is tested."""

import builtins
import io
import struct

import cv2
import numpy as np
import pytest
from tests.makers.imaging import LIMITS, jpeg, movie, noisy, source

from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.video import scene_frames

RATE = 10
CODECS = {"mp4": "libx264", "mov": "mpeg4", "matroska": "libx264", "webm": "libvpx"}


def scene_of(index, width=128, height=96):
    return cv2.resize(noisy(4, 3, index), (width, height), interpolation=cv2.INTER_NEAREST)


def video(frames, form="mp4", **options):
    """Return the frames (arrays) as a video of ten frames a second."""
    av = pytest.importorskip("av", reason="needs the extra “video”")
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(CODECS[form], rate=RATE, options=options)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


def three_scenes(form="mp4", **options):
    return video([scene_of(index // 20) for index in range(60)], form, **options)


@pytest.mark.parametrize("form", CODECS)
def test_every_scene_is_found_once_and_the_first_frame_always(form):
    found = scene_frames(source(three_scenes(form)), LIMITS, max_frames=3)
    assert [round(time_s, 1) for time_s, _ in found] == [0.0, 2.0, 4.0]
    for index, (_, picture) in enumerate(found):
        assert (picture.width, picture.height) == (128, 96)
        assert np.abs(picture.rgb.astype(int) - scene_of(index)).mean() < 12


def test_a_still_scene_gives_a_frame_each_second():
    found = scene_frames(source(video([scene_of(0)] * 45)), LIMITS)
    assert [round(time_s, 1) for time_s, _ in found] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_long_still_scene_gives_no_more_than_was_asked_for_spread_over_it():
    times = [time_s for time_s, _ in scene_frames(source(video([scene_of(0)] * 200)), LIMITS, max_frames=4)]
    assert len(times) == 4
    assert times[-1] > 10


def test_a_hand_that_moves_through_the_picture_is_no_change_of_scene():
    frames = []
    for index in range(30):
        frame = np.full((96, 128, 3), 120, np.uint8)
        frames.append(cv2.circle(frame, (4 * index, 48), 12, (170, 140, 120), -1))
    times = [round(time_s, 1) for time_s, _ in scene_frames(source(video(frames)), LIMITS)]
    assert times == [0.0, 1.0, 2.0]


def test_frames_are_reduced_when_asked():
    _, picture = scene_frames(source(three_scenes()), LIMITS, long_side=64)[0]
    assert picture.rgb.shape == (48, 64, 3)
    assert (picture.width, picture.height, picture.scale) == (128, 96, 0.5)


def test_a_video_with_more_frames_than_the_limit_is_looked_at_all_along():
    dense = video([scene_of(index // 20) for index in range(60)], g="5")
    sparse = video([scene_of(index // 20) for index in range(60)], g="250", sc_threshold="0")
    for data in (dense, sparse):
        times = [time_s for time_s, _ in scene_frames(source(data), Limits(frames=12), max_frames=3)]
        assert times == pytest.approx([0.0, 2.0, 4.0], abs=0.5)


@pytest.mark.parametrize(("matrix", "turn"), [((0, 1, -1, 0), -1), ((-1, 0, 0, -1), 2), ((0, -1, 1, 0), 1)])
def test_a_video_filmed_upright_is_shown_upright(matrix, turn):
    data = bytearray(video([scene_of(0)] * 3))
    a, b, c, d = (value << 16 & 0xFFFFFFFF for value in matrix)
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = struct.pack(">9I", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    _, picture = scene_frames(source(bytes(data)), LIMITS)[0]
    upright = np.rot90(scene_of(0), turn)
    assert picture.rgb.shape == upright.shape
    assert np.abs(picture.rgb.astype(int) - upright).mean() < 12


def test_time_is_bounded_and_what_was_found_is_used(monkeypatch):
    data = three_scenes()
    ticks = iter(range(0, 10_000, 20))
    monkeypatch.setattr("bixie.imaging.video.time.monotonic", lambda: float(next(ticks)))
    found = scene_frames(source(data), Limits(video_seconds=50))
    assert len(found) >= 1
    assert found[-1][0] < 2
    assert [note.code for note in found[0][1].warnings] == ["imaging.video_not_to_its_end"]


@pytest.mark.parametrize(("limits", "code"), [
    (Limits(side=100), "imaging.side_too_long"),
    (Limits(pixels=1000), "imaging.too_many_pixels"),
])  # fmt: skip
def test_limits_hold_before_decoding(limits, code):
    with pytest.raises(ImagingError) as refusal:
        scene_frames(source(three_scenes()), limits)
    assert refusal.value.code == code


def test_a_movie_without_a_frame_is_broken():
    pytest.importorskip("av", reason="needs the extra “video”")
    with pytest.raises(ImagingError, match=r"imaging\.broken"):
        scene_frames(source(movie()), LIMITS)


def test_a_video_of_an_unknown_codec_is_broken():
    data = three_scenes().replace(b"avc1", b"zzzz")
    with pytest.raises(ImagingError, match=r"imaging\.broken"):
        scene_frames(source(data), LIMITS)


def test_a_video_cut_in_the_middle_gives_the_frames_before():
    data = three_scenes("matroska")
    found = scene_frames(source(data[: len(data) * 2 // 3]), LIMITS)
    assert found[0][0] == 0
    assert found[-1][0] < 5


def test_a_picture_is_no_video():
    with pytest.raises(ImagingError, match=r"imaging\.broken"):
        scene_frames(source(jpeg()), LIMITS)


def test_without_the_extra_the_refusal_names_it(monkeypatch):
    real = builtins.__import__

    def without_av(name, *rest):
        if name == "av":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_av)
    with pytest.raises(ImagingError) as refusal:
        scene_frames(source(movie()), LIMITS)
    assert refusal.value.code == "imaging.extra_missing"
    assert refusal.value.values == {"extra": "video"}
