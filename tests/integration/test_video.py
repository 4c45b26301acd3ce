"""Videos from end to end: a packing video as known pictures, and a video as the claim's evidence."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from bixie import examine

av = pytest.importorskip("av", reason="the extra “video” is not installed")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SECONDS, RATE = 2, 10


def picture(name):
    bgr = cv2.imdecode(np.fromfile(EXAMPLES / f"{name}.jpg", np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(cv2.resize(bgr, (440, 276))[..., ::-1])


def listing():
    """Return the listing picture cropped to the frame of the videos."""
    bgr = cv2.imdecode(np.fromfile(EXAMPLES / "listing.jpg", np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(bgr[100:376, 0:440, ::-1])


def write_video(path, *scenes):
    """Write a video that shows each scene for `SECONDS`."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 440, 276, "yuv420p", 4_000_000
        for scene in scenes:
            frame = av.VideoFrame.from_ndarray(scene, format="rgb24")
            for _ in range(SECONDS * RATE):
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return str(path)


def test_a_claim_photo_is_found_in_a_packing_video_and_the_second_is_named(tmp_path):
    video = write_video(tmp_path / "packing.mp4", picture("honest"), listing())
    (exhibit,) = examine([EXAMPLES / "claim.jpg"], known=[video]).to_dict()["exhibits"]
    (finding,) = exhibit["findings"]
    assert finding["code"].startswith("derivation.")
    assert finding["known"] == video
    assert SECONDS - 0.5 <= finding["data"]["time_s"] <= 2 * SECONDS


def test_a_video_of_the_claim_is_examined_frame_by_frame(tmp_path):
    video = write_video(tmp_path / "claim.mp4", picture("honest"), listing())
    report = examine([video], known=[EXAMPLES / "listing.jpg"])
    (exhibit,) = report.to_dict()["exhibits"]
    links = [finding for finding in exhibit["findings"] if "same_product" not in finding["code"]]
    assert exhibit["media_type"] == "video/mp4"
    assert (exhibit["width"], exhibit["height"]) == (440, 276)
    assert links
    assert all(finding["data"]["exhibit_time_s"] >= SECONDS - 0.5 for finding in links)
    page = report.save(tmp_path / "report").read_text(encoding="utf-8")
    assert 'href="#e0-0"' in page
