"""A file on its way to the disk: what is too large, what is neither picture nor video, and what stays."""

import asyncio

import pytest

from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.web.check.arrival import receive
from bixie.web.check.errors import CheckError

LIMITS = Limits(file_bytes=1000, video_bytes=5000)
JPEG, MP4 = b"\xff\xd8\xff\xe0" + bytes(96), bytes.fromhex("00000018667479706d703432") + bytes(88)


def arrive(path, first, size, announced=0):
    async def chunks():
        yield first
        for _ in range(size // 100 - 1):
            yield bytes(100)

    return asyncio.run(receive(chunks(), path, LIMITS, announced))


def test_a_video_may_be_larger_than_a_picture(tmp_path):
    assert arrive(tmp_path / "a", MP4, 4000) == 4000
    assert (tmp_path / "a").stat().st_size == 4000


@pytest.mark.parametrize(
    ("first", "size", "code"),
    [
        (JPEG, 1100, "imaging.too_many_bytes"),
        (MP4, 5100, "imaging.too_many_bytes"),
        (bytes(100), 1100, "imaging.unknown_format"),
    ],
)
def test_a_file_that_is_too_large_is_refused_by_what_it_is_and_does_not_stay(tmp_path, first, size, code):
    with pytest.raises(ImagingError) as refusal:
        arrive(tmp_path / "a", first, size)
    assert refusal.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_a_run_that_was_dropped_meanwhile_is_refused(tmp_path):
    with pytest.raises(CheckError, match=r"check\.no_such_run"):
        arrive(tmp_path / "gone" / "a", JPEG, 100)
