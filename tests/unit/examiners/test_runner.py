"""A claim from paths to verdicts, with examiners made for the purpose."""

import struct

import numpy as np
import pytest
from tests.makers.imaging import movie
from tests.makers.pictures import scene, write_jpeg, write_video_head
from tests.unit.examiners.fakes import SENTENCE, BytesExaminer, PixelExaminer, examiners, finding

from bixie.examiners import exhibits as exhibits_module
from bixie.examiners.config import ExaminationConfig
from bixie.examiners.files import EXAMINING_LONG_SIDE
from bixie.examiners.known import load_known
from bixie.examiners.order import Order, check_order
from bixie.examiners.results import Comparison, FileError, Grade, NotApplicable, Verdict
from bixie.examiners.runner import examine_claim
from bixie.imaging.decode import Picture
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.kit.errors import UsageError

EDITED = finding("derivation.known_picture_edited", Grade.CONCLUSIVE, 20.0)


def examined(paths, *every, known=(), **more):
    return examine_claim(paths, known, ExaminationConfig(examiners=examiners(*every), **more))


def codes(result):
    return [[one.code for one in exhibit.findings] for exhibit in result.exhibits]


def test_no_photo_is_wrong_usage():
    with pytest.raises(UsageError, match=r"usage\.no_photo"):
        examined([], PixelExaminer())


def test_a_photo_is_shown_to_pixel_and_container_examiners(tmp_path):
    path = write_jpeg(tmp_path / "a.jpg", height=1000, width=2000)
    pixels, raw = PixelExaminer([EDITED]), BytesExaminer([finding("bytes.fact")])
    result = examined(path, pixels, raw)
    (exhibit, context), (container, _) = pixels.shown[0], raw.shown[0]
    assert codes(result) == [["bytes.fact", "derivation.known_picture_edited"]]
    assert exhibit.picture.rgb.shape == (640, 1280, 3)
    assert exhibit.structure.media_type == container.structure.media_type == "image/jpeg"
    assert exhibit.path == container.path == path
    assert (context.known, context.order) == ((), None)


def test_an_exhibit_carries_the_facts_of_its_file(tmp_path):
    path = write_jpeg(tmp_path / "a.jpg", height=1000, width=2000)
    (exhibit,) = examined(path, PixelExaminer([EDITED])).exhibits
    assert (exhibit.path, exhibit.media_type, exhibit.width, exhibit.height) == (
        path,
        "image/jpeg",
        2000,
        1000,
    )
    assert exhibit.facts["size_bytes"] == (tmp_path / "a.jpg").stat().st_size
    assert (exhibit.verdict, exhibit.score_bits) == (Verdict.REFUTED, 20.0)
    assert set(exhibit.timing_ms) == {"decode", "total"}
    assert (exhibit.preview.width, exhibit.preview.height) == (EXAMINING_LONG_SIDE, EXAMINING_LONG_SIDE // 2)


def test_known_pictures_and_the_order_reach_the_examiner(tmp_path):
    known = load_known(write_jpeg(tmp_path / "known.jpg", 2))
    order = check_order({"id": "7", "typo": 1})
    pixels = PixelExaminer()
    result = examined(write_jpeg(tmp_path / "a.jpg"), pixels, known=known, order=order)
    _, context = pixels.shown[0]
    assert context.known == known.pictures
    assert context.order == {"id": "7", "typo": 1}
    assert [warning.code for warning in result.warnings] == ["order.unknown_field"]


def test_known_pictures_may_be_given_as_paths(tmp_path):
    path = write_jpeg(tmp_path / "known.jpg", 2)
    result = examined(write_jpeg(tmp_path / "a.jpg"), PixelExaminer(), known=[path])
    assert [known.path for known in result.known] == [path]


def test_known_pictures_read_once_serve_several_claims(tmp_path):
    known = load_known(write_jpeg(tmp_path / "known.jpg", 2))
    pixels = PixelExaminer()
    for seed in (3, 4):
        examined(write_jpeg(tmp_path / "a.jpg", seed), pixels, known=known)
    assert pixels.shown[0][1].known[0] is pixels.shown[1][1].known[0]


def test_a_folder_is_one_claim_of_its_files_in_order(tmp_path):
    for seed, name in enumerate(("b.jpg", "a.jpg")):
        write_jpeg(tmp_path / name, seed)
    result = examined(str(tmp_path), PixelExaminer())
    assert [one.path for one in result.exhibits] == [str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg")]


def test_unreadable_files_are_reported_in_their_place_and_stop_nothing(tmp_path):
    good = write_jpeg(tmp_path / "good.jpg")
    empty = tmp_path / "empty.jpg"
    empty.touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    result = examined([str(tmp_path / "no.jpg"), str(empty), good, str(folder)], PixelExaminer([EDITED]))
    assert [one.error and one.error.code for one in result.exhibits] == [
        "imaging.missing",
        "imaging.empty_file",
        None,
        "imaging.no_pictures",
    ]
    unreadable = result.exhibits[0]
    assert (unreadable.verdict, unreadable.score_bits, unreadable.width) == (Verdict.UNREADABLE, None, None)
    assert result.verdict is Verdict.REFUTED


def test_a_file_with_a_defect_nobody_foresaw_is_unreadable_and_stops_nothing(tmp_path, monkeypatch):
    paths = [write_jpeg(tmp_path / name, seed) for seed, name in enumerate(("a.jpg", "b.jpg"))]
    decode = exhibits_module.decode

    def fragile(source, *rest, **more):
        if source.path == paths[0]:
            raise RecursionError("too deep")
        return decode(source, *rest, **more)

    monkeypatch.setattr(exhibits_module, "decode", fragile)
    first, second = examined(paths, PixelExaminer()).exhibits
    assert first.error.code == "examine.unexpected"
    assert first.sha256
    assert second.error is None


def test_an_examiner_that_fails_leaves_a_gap_and_a_warning(tmp_path):
    bad, good = PixelExaminer(ValueError("boom"), name="bad"), PixelExaminer([EDITED], name="good")
    (exhibit,) = examined(write_jpeg(tmp_path / "a.jpg"), bad, good).exhibits
    assert exhibit.verdict is Verdict.REFUTED
    assert [one.examiner for one in exhibit.not_applicable] == ["bad"]
    assert [one.code for one in exhibit.warnings] == ["examine.examiner_failed"]
    assert "boom" in exhibit.warnings[0].text.zh


def test_an_examiner_whose_output_no_report_can_carry_has_failed(tmp_path):
    bad = PixelExaminer([finding(strength_bits=float("nan"))])
    (exhibit,) = examined(write_jpeg(tmp_path / "a.jpg"), bad).exhibits
    assert exhibit.findings == ()
    assert [one.code for one in exhibit.warnings] == ["examine.examiner_failed"]


def test_reasons_and_warnings_of_examiners_are_kept(tmp_path):
    says = [NotApplicable("pixels", SENTENCE), FileError("derivation.direction_contradicted", SENTENCE)]
    (exhibit,) = examined(write_jpeg(tmp_path / "a.jpg"), PixelExaminer(says)).exhibits
    assert exhibit.not_applicable == (says[0],)
    assert exhibit.warnings == (says[1],)


def test_a_truncated_photo_is_examined_with_a_warning(tmp_path):
    path = tmp_path / "cut.jpg"
    write_jpeg(path, height=400, width=600)
    path.write_bytes(path.read_bytes()[:-2000])
    (exhibit,) = examined(str(path), PixelExaminer([EDITED])).exhibits
    assert exhibit.verdict is Verdict.REFUTED
    assert "imaging.truncated" in [one.code for one in exhibit.warnings]


def test_the_same_file_twice_is_examined_twice_with_a_warning(tmp_path):
    path = write_jpeg(tmp_path / "a.jpg")
    result = examined([path, path], PixelExaminer([EDITED]))
    assert codes(result) == [["derivation.known_picture_edited"]] * 2
    assert [warning.code for warning in result.warnings] == ["examine.same_file_twice"]


def test_comparisons_are_encoded_for_the_page_and_taken_out_of_the_finding(tmp_path):
    rgb = scene()
    comparison = Comparison(rgb, rgb, np.ones(rgb.shape[:2], bool))
    says = [finding("a.plain"), finding("a.compared", comparison=comparison)]
    (exhibit,) = examined(write_jpeg(tmp_path / "a.jpg"), PixelExaminer(says)).exhibits
    assert exhibit.comparisons[0] is None
    assert exhibit.comparisons[1].registered.jpeg.startswith(b"\xff\xd8")
    assert exhibit.findings[1].comparison is None


def test_pictures_for_the_page_are_not_kept_where_no_page_is_wanted(tmp_path):
    rgb = scene()
    says = [finding(comparison=Comparison(rgb, rgb, np.ones(rgb.shape[:2], bool)))]
    (exhibit,) = examined(write_jpeg(tmp_path / "a.jpg"), PixelExaminer(says), keep_views=False).exhibits
    assert (exhibit.preview, exhibit.comparisons) == (None, ())


def test_progress_is_told_about_every_exhibit(tmp_path):
    seen = []
    paths = [write_jpeg(tmp_path / f"{seed}.jpg", seed) for seed in range(3)]
    examined(paths, PixelExaminer(), workers=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("workers", [1, 3])
def test_the_result_does_not_depend_on_the_number_of_workers(tmp_path, workers):
    paths = [write_jpeg(tmp_path / f"{seed}.jpg", seed) for seed in range(5)]
    result = examined([*paths, "missing.jpg"], PixelExaminer([EDITED]), workers=workers)
    assert [one.path for one in result.exhibits] == [*paths, "missing.jpg"]


def test_a_limit_refuses_a_photo_before_it_is_decoded(tmp_path):
    (exhibit,) = examined(write_jpeg(tmp_path / "a.jpg"), PixelExaminer(), limits=Limits(pixels=100)).exhibits
    assert exhibit.error.code == "imaging.too_many_pixels"


class TestVideo:
    """A video as an exhibit."""

    def frames(self, monkeypatch, *frames):
        monkeypatch.setattr(exhibits_module, "scene_frames", lambda *_, **__: list(frames))

    def test_each_frame_is_shown_to_pixel_examiners_and_the_file_once_to_the_others(
        self, tmp_path, monkeypatch
    ):
        self.frames(monkeypatch, (0.0, Picture(scene(1), 256, 192)), (1.5, Picture(scene(2), 256, 192)))
        pixels, raw = PixelExaminer(), BytesExaminer()
        (exhibit,) = examined(write_video_head(tmp_path / "a.mp4"), pixels, raw).exhibits
        assert (len(pixels.shown), len(raw.shown)) == (2, 1)
        assert (exhibit.width, exhibit.height, exhibit.media_type) == (256, 192, "video/mp4")

    def test_of_equal_findings_the_strongest_frame_is_kept_and_named(self, tmp_path, monkeypatch):
        class Rising:
            name = "rising"
            bits = 0.0

            def examine(self, exhibit, context):
                self.bits += 1.0
                return [finding("a.a", strength_bits=self.bits, known="k.jpg", data={"time_s": 9.0})]

        self.frames(monkeypatch, *((at, Picture(scene(1), 128, 96)) for at in (0.0, 0.5, 1.25)))
        (exhibit,) = examined(write_video_head(tmp_path / "a.mp4"), Rising()).exhibits
        assert [one.data for one in exhibit.findings] == [{"time_s": 9.0, "exhibit_time_s": 1.25}]
        assert exhibit.score_bits == 3.0

    def test_the_compared_frame_is_kept_for_the_page(self, tmp_path, monkeypatch):
        rgb = scene(5)
        compared = finding(comparison=Comparison(rgb, rgb, np.ones(rgb.shape[:2], bool)))
        self.frames(monkeypatch, (0.0, Picture(scene(1), 128, 96)), (1.0, Picture(rgb, 128, 96)))
        (exhibit,) = examined(write_video_head(tmp_path / "a.mp4"), PixelExaminer([compared])).exhibits
        assert exhibit.comparisons[0].exhibit is not None

    def test_without_the_extra_pixel_examiners_say_why_and_the_others_still_speak(
        self, tmp_path, monkeypatch
    ):
        def refuse(*_, **__):
            raise ImagingError("imaging.extra_missing", extra="video")

        monkeypatch.setattr(exhibits_module, "scene_frames", refuse)
        raw = BytesExaminer([finding("bytes.fact")])
        (exhibit,) = examined(write_video_head(tmp_path / "a.mp4"), PixelExaminer(), raw).exhibits
        assert (exhibit.verdict, exhibit.score_bits, exhibit.error) == (Verdict.INCONCLUSIVE, 1.0, None)
        assert [one.examiner for one in exhibit.not_applicable] == ["pixels"]
        assert "video" in exhibit.not_applicable[0].reason.zh

    def test_a_video_whose_header_names_no_size_has_none(self, tmp_path, monkeypatch):
        def refuse(*_, **__):
            raise ImagingError("imaging.extra_missing", extra="video")

        monkeypatch.setattr(exhibits_module, "scene_frames", refuse)
        (tmp_path / "a.mp4").write_bytes(movie().replace(struct.pack(">I", 360 << 16), bytes(4)))
        (exhibit,) = examined(str(tmp_path / "a.mp4"), PixelExaminer()).exhibits
        assert (exhibit.width, exhibit.height) == (640, None)

    def test_a_video_that_is_broken_is_unreadable(self, tmp_path, monkeypatch):
        def refuse(source, *_, **__):
            raise ImagingError("imaging.broken", path=source.path)

        monkeypatch.setattr(exhibits_module, "scene_frames", refuse)
        (exhibit,) = examined(write_video_head(tmp_path / "a.mp4"), PixelExaminer()).exhibits
        assert exhibit.error.code == "imaging.broken"


def test_warnings_of_plug_ins_are_in_the_report(tmp_path):
    every = examiners(PixelExaminer())
    broken = type(every)(every.examiners, (FileError("examine.plugin_unusable", SENTENCE),))
    config = ExaminationConfig(examiners=broken, order=Order({}))
    result = examine_claim(write_jpeg(tmp_path / "a.jpg"), config=config)
    assert [warning.code for warning in result.warnings] == ["examine.plugin_unusable"]
