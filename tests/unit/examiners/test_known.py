"""Known pictures: read once, analysed once, one broken file stops nothing."""

import threading
from pathlib import Path

import pytest
from tests.makers.pictures import scene, write_jpeg, write_video_head
from tests.unit.examiners.fakes import PixelExaminer

from bixie.examiners import known as known_module
from bixie.examiners import registry
from bixie.examiners.known import load_known
from bixie.examiners.protocol import Known
from bixie.imaging.decode import Picture
from bixie.imaging.errors import ImagingError
from bixie.kit.errors import UsageError


@pytest.fixture(autouse=True)
def no_examiners(monkeypatch):
    """Reading is tested here, not what examiners make of the pictures."""
    monkeypatch.setattr(registry, "own_examiners", tuple)


def test_a_picture_is_read_with_its_hash_and_its_path_as_given(tmp_path):
    path = write_jpeg(tmp_path / "列表" / "listing.jpg")
    known = load_known(path)
    assert [(one.path, one.sha256) for one in known.pictures] == [(path, known.results[0].sha256)]
    assert known.results[0].error is None
    assert known.given == (path,)


def test_a_large_picture_is_reduced_but_keeps_its_displayed_size(tmp_path):
    (one,) = load_known(write_jpeg(tmp_path / "a.jpg", height=1000, width=2560)).pictures
    assert one.picture.rgb.shape == (500, 1280, 3)
    assert (one.picture.width, one.picture.height) == (2560, 1000)


def test_a_folder_gives_all_its_pictures_joined_to_it(tmp_path):
    for seed, name in enumerate(("b.jpg", "a.jpg")):
        write_jpeg(tmp_path / name, seed)
    names = [one.path for one in load_known(str(tmp_path)).pictures]
    assert names == [str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg")]


def test_what_cannot_be_read_is_reported_and_the_rest_is_used(tmp_path):
    good = write_jpeg(tmp_path / "good.jpg")
    empty = tmp_path / "empty.jpg"
    empty.touch()
    text = tmp_path / "text.jpg"
    text.write_text("no picture", encoding="utf-8")
    given = [good, str(empty), str(text)]
    known = load_known(given)
    errors = {result.path: result.error.code for result in known.results if result.error}
    assert [one.path for one in known.pictures] == [good]
    assert [result.path for result in known.results] == given
    assert errors == {
        str(empty): "imaging.empty_file",
        str(text): "imaging.unknown_format",
    }


def test_a_path_that_names_nothing_is_refused_unless_names_are_read_in_another_way(tmp_path):
    missing = str(tmp_path / "missing.jpg")
    with pytest.raises(UsageError, match=r"usage\.no_such_path"):
        load_known([write_jpeg(tmp_path / "good.jpg"), missing])

    def read(path, limits):
        raise ImagingError("imaging.missing", path=path)

    assert load_known([missing], read=read).results[0].error.code == "imaging.missing"


def test_the_same_file_under_two_names_is_used_once_with_a_warning(tmp_path):
    paths = [write_jpeg(tmp_path / name) for name in ("a.jpg", "b.jpg")]
    known = load_known(paths)
    assert [one.path for one in known.pictures] == paths[:1]
    assert [result.path for result in known.results] == paths
    assert [warning.code for warning in known.warnings] == ["examine.known_twice"]


def test_two_copies_of_a_file_that_cannot_be_read_are_each_said_to_be_so_and_none_used(tmp_path):
    whole = write_jpeg(tmp_path / "whole.jpg")
    paths = [str(tmp_path / name) for name in ("a.jpg", "b.jpg")]
    for path in paths:
        Path(path).write_bytes(Path(whole).read_bytes()[:3])
    known = load_known(paths)
    assert [result.error.code for result in known.results] == ["imaging.broken"] * 2
    assert known.warnings == ()


def test_a_truncated_known_picture_is_used_with_a_warning_that_names_it(tmp_path):
    path = tmp_path / "cut.jpg"
    write_jpeg(path, height=400, width=600)
    path.write_bytes(path.read_bytes()[:-2000])
    known = load_known(str(path))
    assert len(known.pictures) == 1
    assert [warning.code for warning in known.warnings] == ["imaging.truncated"]
    assert str(path) in known.warnings[0].text.zh


def test_a_video_gives_one_known_picture_a_scene(tmp_path, monkeypatch):
    frames = [(0.0, Picture(scene(1), 128, 96)), (2.5, Picture(scene(2), 128, 96))]
    monkeypatch.setattr(known_module, "scene_frames", lambda *_, **__: frames)
    path = write_video_head(tmp_path / "packing.mp4")
    known = load_known(path)
    assert [(one.path, one.data) for one in known.pictures] == [
        (path, {"time_s": 0.0}),
        (path, {"time_s": 2.5}),
    ]
    assert len(known.results) == 1


def test_a_video_that_cannot_be_read_keeps_its_hash_and_says_why(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise ImagingError("imaging.extra_missing", extra="video")

    monkeypatch.setattr(known_module, "scene_frames", refuse)
    known = load_known(write_video_head(tmp_path / "packing.mp4"))
    assert known.pictures == ()
    assert known.results[0].error.code == "imaging.extra_missing"
    assert known.results[0].sha256


class Preparing(PixelExaminer):
    """Prepares every known picture, and fails at one."""

    def prepare_known(self, known):
        known.derive("prepared", lambda picture: picture.rgb.shape)
        if known.path.endswith("odd.jpg"):
            raise RuntimeError


def test_examiners_prepare_every_picture_while_it_is_read_and_none_is_lost_by_it(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "own_examiners", lambda: (PixelExaminer([]), Preparing([], name="second")))
    paths = [write_jpeg(tmp_path / name, seed) for seed, name in enumerate(("a.jpg", "odd.jpg", "b.jpg"))]
    steps = []
    known = load_known(paths, workers=2, progress=lambda done, total: steps.append((done, total)))
    assert [(one.path, set(one.derived)) for one in known.pictures] == [
        (path, {"prepared"}) for path in paths
    ]
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_no_known_picture_is_allowed():
    assert load_known([]).pictures == ()


def test_what_is_derived_is_computed_once_even_by_several_threads():
    known = Known("a.jpg", "0" * 64, Picture(scene(), 128, 96))
    calls, results = [], []
    together = threading.Barrier(4)

    def compute(picture):
        calls.append(picture)
        return object()

    def ask():
        together.wait()
        results.append(known.derive("test", compute))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [known.picture]
    assert len(set(map(id, results))) == 1


@pytest.mark.parametrize("workers", [1, 4])
def test_the_order_does_not_depend_on_the_number_of_workers(tmp_path, workers):
    paths = [write_jpeg(tmp_path / f"{seed}.jpg", seed) for seed in range(6)]
    assert [one.path for one in load_known(paths, workers=workers).pictures] == paths
