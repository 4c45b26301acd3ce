"""Notes that somebody wrote to break the reader: bounded, cleaned, typed, no crash."""

import random
import struct

import pytest
from tests.makers.camera_files import CAMERA, EXPOSURE, gps, photo, scene, with_thumbnail
from tests.unit.examiners.camera.test_cases import read
from tests.unit.examiners.camera.test_examiner import ORDER, facts, previewed, statements

from bixie.examiners.results import Finding, NotApplicable


def in_jpeg(tiff):
    plain = photo()
    body = b"Exif\0\0" + tiff
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def directory(*entries, following=0):
    packed = b"".join(struct.pack(">HHII", *entry) for entry in entries)
    return struct.pack(">H", len(entries)) + packed + struct.pack(">I", following)


@pytest.mark.parametrize(
    "tiff",
    [
        b"MM\0*" + struct.pack(">I", 8) + directory((0x0112, 3, 1, 1 << 16), following=8),
        b"MM\0*" + struct.pack(">I", 8) + directory((0x8769, 4, 1, 8)),
        b"MM\0*" + struct.pack(">I", 8) + directory((0x010F, 2, 0xFFFFFFFF, 8)),
        b"MM\0*" + struct.pack(">I", 8) + directory((0x8825, 4, 1, 26)) + directory((2, 5, 3, 0xFFFFFF00)),
        b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 0xFFFF),
        b"MM\0*" + struct.pack(">I", 0xFFFFFFFF),
        b"II*\0",
        b"",
    ],
)
def test_loops_and_lengths_past_the_end_are_survived(tiff):
    for one in statements(in_jpeg(tiff), ORDER):
        assert isinstance(one, Finding | NotApplicable)


@pytest.mark.parametrize(
    "text", ["Canon\x1b[31m\nred", "Canon\u202egpj", "Canon" + "\u0007" * 30, "Canon " + "x" * 900]
)
def test_strings_are_shortened_and_cleaned(text):
    one = facts(photo({0x010F: text, 0x0110: text, 0x0131: text}, EXPOSURE))
    for value in (one.data["make"], one.data["model"], one.data["software"], one.explain.en):
        assert value.isprintable()
    assert len(one.data["make"]) <= 40
    assert len(one.explain.en) < 300


def test_fields_of_another_type_than_they_must_have_are_left_out():
    tiff = (
        b"MM\0*"
        + struct.pack(">I", 8)
        + directory((0x010F, 3, 1, 7 << 16), (0x0131, 4, 1, 9), (0x8769, 2, 1, 0))
    )
    (one,) = statements(in_jpeg(tiff), ORDER)
    assert isinstance(one, NotApplicable)


def test_a_preview_that_announces_a_huge_size_is_not_decoded():
    data = bytearray(with_thumbnail(scene(1), scene(1)))
    at = data.index(b"\xff\xc0", data.index(b"\xff\xd8", 2))
    data[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    assert previewed(bytes(data)) == []


def test_no_mutation_of_the_notes_crashes():
    chance = random.Random("camera")
    whole = photo(CAMERA | {0x0131: "x"}, EXPOSURE, gps(39.9, 116.4))
    end = 20 + int.from_bytes(whole[whole.index(b"\xff\xe1") + 2 :][:2])
    kinds = set()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(24, end)] = chance.randrange(256)
        for one in statements(bytes(data), ORDER):
            kinds.add(one.code if isinstance(one, Finding) else "silent")
    assert "camera.facts" in kinds


def test_no_mutation_of_a_videos_notes_crashes():
    chance = random.Random("video")
    whole = read("video_iphone_keys.mov")
    begin = whole.index(b"moov")
    kinds = set()
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(begin, len(data))] = chance.randrange(256)
        for one in statements(bytes(data), ORDER, "a.mov"):
            kinds.add(one.code if isinstance(one, Finding) else "silent")
    assert "camera.facts" in kinds
