"""The documents of `bixie label check` and `bixie label compare`."""

import json

import pytest
from tests.makers.labels.blocks import aigc, exif, label_json, xmp_aigc
from tests.makers.labels.containers import jpeg_with, picture, png_with
from tests.makers.labels.matrix import ASCII, exif_holders, xmp_holders

from bixie.examiners.label.check import check_document, check_file
from bixie.examiners.label.compare import compare_document, compare_files, pair_up
from bixie.examiners.label.producer import Register
from bixie.imaging.limits import Limits

LIMITS, NOBODY = Limits(), Register("")
PNG = png_with((b"tEXt", b"AIGC\0" + label_json().encode()))
OTHER = png_with((b"tEXt", b"AIGC\0" + label_json(ProduceID="other").encode()))
WEBP = xmp_holders()["webp"](xmp_aigc(label_json()))
TWICE = png_with(*[(b"tEXt", b"AIGC\0" + label_json().encode())] * 2)
WITH_ANOTHER = png_with(
    (b"tEXt", b"AIGC\0" + label_json().encode()), (b"tEXt", b"Comment\0" + aigc(ProduceID="n").encode())
)
GENERATED = exif_holders()["jpeg"](exif(UserComment=ASCII + b"a mug\nSteps: 20, Sampler: Euler a, Seed: 1"))


@pytest.fixture
def put(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    return write


@pytest.mark.parametrize(
    ("data", "result"),
    [
        (PNG, "compliant"),
        (TWICE, "noncompliant"),
        (png_with((b"tEXt", b"AIGC\0" + label_json(Label="9").encode())), "inconclusive"),
        (picture("JPEG"), "not_found"),
        (GENERATED, "not_found"),
    ],
)
def test_a_file_is_graded(put, data, result):
    path = put("a.png", data)
    checked = check_file(path, LIMITS, NOBODY)
    assert (checked["path"], checked["result"], checked["error"]) == (path, result, None)
    assert json.loads(json.dumps(check_document([checked])))["schema"] == "bixie.label_check/1"


def test_not_found_is_an_answer_and_no_finding(put):
    checked = check_file(put("a.jpg", picture("JPEG")), LIMITS, NOBODY)
    assert checked["findings"] == []
    assert checked["labels"] == []


def test_each_label_has_its_clauses_and_its_place(put):
    (first, second) = check_file(put("a.png", TWICE), LIMITS, NOBODY)["labels"]
    assert first["clauses"] == second["clauses"] == ["GB 45438-2025 6.1 c)"]
    assert first["place"]["offset"] < second["place"]["offset"]


@pytest.mark.parametrize("data", [b"", b"text", None, b"\xff\xd8\xff"])
def test_a_file_that_cannot_be_read_says_why(put, data):
    path = put("a.jpg", data) if data is not None else "nowhere.jpg"
    checked = check_file(path, LIMITS, NOBODY)
    if data == b"\xff\xd8\xff":
        assert checked["result"] == "not_found"
    else:
        assert checked["result"] is None
        assert checked["error"]["code"].startswith("imaging.")


@pytest.mark.parametrize(
    ("before", "after", "states"),
    [
        (PNG, PNG, ["kept"]),
        (PNG, WEBP, ["kept"]),
        (PNG, OTHER, ["changed"]),
        (PNG, picture("PNG"), ["lost"]),
        (picture("PNG"), PNG, ["added"]),
        (PNG, TWICE, ["duplicated"]),
        (picture("PNG"), picture("JPEG"), []),
        (GENERATED, PNG, ["lost", "added"]),
        (PNG, WITH_ANOTHER, ["duplicated", "kept"]),
    ],
)  # fmt: skip
def test_every_mark_is_told_once(put, before, after, states):
    compared = compare_files(put("before", before), put("after", after), LIMITS, NOBODY)
    assert [row["state"] for row in compared["marks"]] == states
    document = compare_document([compared], {"before": [], "after": []})
    assert sum(document["counts"].values()) == len(states)
    json.dumps(document)


def test_a_label_that_moved_is_kept_and_both_places_are_named(put):
    (row,) = compare_files(put("a.png", PNG), put("a.webp", WEBP), LIMITS, NOBODY)["marks"]
    assert row["before"]["places"][0]["carrier"] == "png.text"
    assert row["after"]["places"][0]["carrier"] == "xmp.element"


def test_a_lost_credential_is_told(put):
    store = (20).to_bytes(4) + b"jumb" + b"c2pa credential!"[:12]
    before = png_with((b"caBX", store))
    (row,) = compare_files(put("a.png", before), put("b.png", picture("PNG")), LIMITS, NOBODY)["marks"]
    assert (row["kind"], row["state"]) == ("credentials", "lost")


def test_an_unreadable_side_is_said_and_nothing_is_compared(put):
    compared = compare_files(put("a.png", PNG), "nowhere.png", LIMITS, NOBODY)
    assert compared["error"]["before"] is None
    assert compared["error"]["after"]["code"] == "imaging.missing"
    assert compared["marks"] == []


def test_folders_are_paired_by_name_then_by_stem(put, tmp_path):
    for name in ("before/a.png", "before/b.png", "before/deep/c.png", "before/only.png", "before/x.png"):
        put(name, PNG)
    for name in (
        "after/a.png",
        "after/b.webp",
        "after/deep/c.png",
        "after/new.png",
        "after/x.jpg",
        "after/x.webp",
    ):
        put(name, WEBP if name.endswith("webp") else PNG)
    pairs, alone = pair_up(str(tmp_path / "before"), str(tmp_path / "after"), LIMITS)
    names = [tuple(path.removeprefix(str(tmp_path)) for path in pair) for pair in pairs]
    assert names == [
        ("/before/a.png", "/after/a.png"),
        ("/before/deep/c.png", "/after/deep/c.png"),
        ("/before/b.png", "/after/b.webp"),
    ]
    assert [len(alone[side]) for side in ("before", "after")] == [2, 3]


def test_nothing_is_written(put, tmp_path):
    path = put("a.jpg", jpeg_with((0xFE, aigc().encode())))
    before = {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")}
    check_file(path, LIMITS, NOBODY)
    compare_files(path, path, LIMITS, NOBODY)
    assert {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")} == before
