from dataclasses import replace

import cv2
import numpy as np
import pytest
from tests.makers.scenes import compressed, photograph, redrawn, stained

from bixie.examiners.derivation.examiner import EXAMINER
from bixie.examiners.derivation.link import linking
from bixie.examiners.protocol import Context, Exhibit, Known
from bixie.examiners.results import Finding, Grade, NotApplicable
from bixie.imaging.decode import Picture
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source
from bixie.imaging.structure import walk

LISTING = photograph("listing.jpg")
HEIGHT, WIDTH = LISTING.shape[:2]
SOURCE = Source("claim.jpg", b"", "0" * 64, "image/bmp")


def exhibit(rgb, enlarged=1):
    picture = Picture(rgb, rgb.shape[1] * enlarged, rgb.shape[0] * enlarged, ())
    return Exhibit("claim.jpg", SOURCE, walk(SOURCE, Limits()), picture)


def known(rgb, path="listing.jpg", **data):
    return Known(path, "1" * 64, Picture(rgb, rgb.shape[1], rgb.shape[0], ()), data)


def said(rgb, *pictures, enlarged=1):
    return list(EXAMINER.examine(exhibit(rgb, enlarged), Context(known=pictures)))


def circled(rgb):
    out = rgb.copy()
    cv2.circle(out, (WIDTH // 2, HEIGHT // 3), WIDTH // 6, (230, 20, 20), 5, cv2.LINE_AA)
    return out


def test_a_prepared_picture_is_described_once_and_several_threads_find_what_one_finds(monkeypatch):
    described, extract = [], linking.extract_features
    monkeypatch.setattr(linking, "extract_features", lambda rgb: described.append(rgb) or extract(rgb))
    pictures = [known(LISTING), known(photograph("honest.jpg"), "other.jpg")]
    for one in pictures:
        EXAMINER.prepare_known(one)
    edited = exhibit(stained(LISTING)[0])
    first, second = (EXAMINER.examine(edited, Context(known=pictures, workers=workers)) for workers in (1, 2))
    assert len(described) == len(pictures)
    assert [(one.code, one.known, one.regions) for one in first] == [
        (one.code, one.known, one.regions) for one in second
    ]
    assert first


def test_an_edited_copy_is_conclusive_and_outlines_the_edit():
    edited, blot = stained(LISTING)
    (finding,) = said(compressed(edited, 75), known(LISTING))
    assert finding.code == "derivation.known_picture_edited"
    assert finding.grade is Grade.CONCLUSIVE
    assert finding.strength_bits > 5
    assert finding.known == "listing.jpg"
    mask = finding.mask > 0
    assert 2 * (mask & blot).sum() / (mask.sum() + blot.sum()) > 0.8
    assert finding.regions


def test_a_stain_in_a_redrawn_frame_is_outlined_and_never_conclusive():
    edited, blot = stained(LISTING)
    (finding,) = said(redrawn(edited), known(LISTING))
    assert (finding.code, finding.grade) == ("derivation.direction_unknown", Grade.STATISTICAL)
    assert finding.data["redrawn"] is True
    assert "redrawn" in finding.explain.en
    mask = cv2.resize(finding.mask, (WIDTH, HEIGHT)) > 0
    assert (mask & blot).sum() > 0.7 * blot.sum()
    assert mask.mean() < 2.5 * blot.mean()


def test_regions_lie_on_the_displayed_grid():
    edited, blot = stained(LISTING)
    (finding,) = said(edited, known(LISTING), enlarged=3)
    centre = np.array([[WIDTH * 1.5, HEIGHT * 1.5]])
    outline = np.array(finding.regions[0])
    assert (outline.min(axis=0) < centre).all()
    assert (outline.max(axis=0) > centre).all()
    assert blot.any()


def test_a_copy_is_unchanged_and_neutral():
    (finding,) = said(compressed(LISTING, 60), known(LISTING))
    assert finding.code == "derivation.known_picture_unchanged"
    assert finding.grade is Grade.CONCLUSIVE
    assert finding.strength_bits == 0


def test_a_circle_drawn_onto_a_copy_is_an_annotation_with_a_mask_of_its_own():
    (finding,) = said(circled(LISTING), known(LISTING))
    assert finding.code == "derivation.known_picture_annotated"
    assert finding.grade is Grade.INFORMATIVE
    assert finding.annotation is not None
    assert finding.annotation.mask.any()


def test_the_known_file_itself_is_unchanged_even_if_it_shows_nothing_to_recognise():
    wall = np.full((300, 400, 3), 200, np.uint8)
    same_file = Known("wall.jpg", SOURCE.sha256, Picture(wall, 400, 300, ()))
    (finding,) = said(wall, known(LISTING, "other.jpg"), same_file)
    assert finding.code == "derivation.known_picture_unchanged"
    assert finding.known == "wall.jpg"
    assert finding.data["identical_bytes"] is True


def test_another_photograph_is_never_conclusive():
    for statement in said(photograph("honest.jpg"), known(LISTING)):
        assert statement.grade is Grade.INFORMATIVE
        assert statement.strength_bits == 0


def test_an_unchanged_variant_clears_what_another_variant_would_call_edited():
    variant, _ = stained(LISTING)
    (finding,) = said(compressed(variant, 80), known(LISTING, "plain.jpg"), known(variant, "stained.jpg"))
    assert finding.code == "derivation.known_picture_unchanged"
    assert finding.known == "stained.jpg"


def test_each_known_picture_of_a_collage_is_named():
    other = cv2.rotate(photograph("honest.jpg"), cv2.ROTATE_90_CLOCKWISE) // 2
    other = cv2.resize(other, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    both = np.hstack([LISTING, other])
    findings = said(both, known(LISTING, "one.jpg"), known(other, "two.jpg"))
    assert {finding.known for finding in findings} == {"one.jpg", "two.jpg"}


def test_of_a_videos_frames_only_the_best_is_named_with_its_time():
    frames = [known(LISTING[:, : WIDTH - 60], "v.mp4", time_s=1.0), known(LISTING, "v.mp4", time_s=2.5)]
    (finding,) = said(LISTING, *frames)
    assert finding.known == "v.mp4"
    assert finding.data["time_s"] in {1.0, 2.5}


def wider_than_known(**vouched):
    part = np.ascontiguousarray(LISTING[HEIGHT // 5 : -HEIGHT // 5, WIDTH // 6 : -WIDTH // 6])
    edited, _ = stained(part)
    return said(LISTING, replace(known(edited), **vouched))


def test_where_the_pair_contradicts_the_caller_nothing_is_refuted():
    finding, warning = wider_than_known()
    assert (finding.code, finding.grade) == ("derivation.direction_unknown", Grade.STATISTICAL)
    assert finding.strength_bits == 0
    assert finding.regions
    assert "this photo is the older one" in finding.explain.en
    assert warning.code == "derivation.direction_contradicted"
    assert "more of the scene" in warning.text.en
    assert "画面更全" in warning.text.zh


def test_a_record_from_before_the_claim_stands_against_signs_of_the_pair():
    finding, warning = wider_than_known(vouched_by="record")
    assert (finding.code, finding.grade) == ("derivation.known_picture_edited", Grade.CONCLUSIVE)
    assert warning.code == "derivation.direction_contradicted"


@pytest.mark.parametrize("pictures", [(), (known(LISTING),)])
def test_what_cannot_be_compared_says_so(pictures):
    flat = np.full((300, 400, 3), 127, np.uint8)
    (statement,) = said(flat, *pictures)
    assert isinstance(statement, NotApplicable)
    assert statement.reason.zh
    assert statement.reason.en


def test_data_holds_what_a_program_needs():
    (finding,) = said(np.ascontiguousarray(LISTING[:, ::-1]), known(LISTING))
    assert isinstance(finding, Finding)
    assert finding.data["mirrored"] is True
    assert finding.data["vouched_by"] == "caller"
    assert np.array(finding.data["homography"]).shape == (3, 3)
    assert {"known_looks_older_bits", "signs"} <= finding.data["direction"].keys()


def test_a_known_picture_on_record_says_whose_word_it_rests_on():
    edited, _ = stained(LISTING)
    (finding,) = said(edited, replace(known(LISTING), vouched_by="record"))
    assert (finding.code, finding.data["vouched_by"]) == ("derivation.known_picture_edited", "record")
    assert "存证" in finding.limits.zh
    assert "clock_agrees" not in finding.data


@pytest.mark.parametrize("vouched_by", ["record", "nobody"])
def test_a_clock_that_went_back_between_two_records_is_told(vouched_by):
    edited, _ = stained(LISTING)
    plain, noted = (
        said(edited, replace(known(LISTING), vouched_by=vouched_by, clock_agrees=agrees))[0]
        for agrees in (True, False)
    )
    assert (noted.code, noted.grade, noted.strength_bits) == (plain.code, plain.grade, plain.strength_bits)
    assert noted.data["clock_agrees"] is False
    assert noted.limits.zh.removeprefix(plain.limits.zh).startswith("两条存证记录之间系统时钟倒退过")
    assert "The clock went back" in noted.limits.en


def test_where_nobody_says_which_is_older_an_edit_is_no_fact_and_weighs_what_the_pair_says():
    edited, _ = stained(LISTING)
    (finding,) = said(edited, replace(known(LISTING), vouched_by="nobody"))
    assert (finding.code, finding.grade) == ("derivation.direction_unknown", "statistical")
    assert finding.strength_bits == max(0.0, finding.data["direction"]["known_looks_older_bits"])
    assert finding.strength_bits < 3
    assert finding.regions


def test_where_nobody_says_which_is_older_what_moves_nothing_stays_as_it_is():
    (finding,) = said(LISTING, replace(known(LISTING), vouched_by="nobody"))
    assert finding.code == "derivation.known_picture_unchanged"


def test_the_filler_of_a_cut_off_file_is_no_change():
    edited, blot = stained(LISTING)
    cut = round(HEIGHT * 0.7)
    edited[cut:] = 128
    picture = Picture(edited, WIDTH, HEIGHT, (), (0, cut, WIDTH, HEIGHT))
    cut_off = Exhibit("claim.jpg", SOURCE, walk(SOURCE, Limits()), picture)
    (finding,) = EXAMINER.examine(cut_off, Context(known=(known(LISTING),)))
    assert finding.code == "derivation.known_picture_edited"
    assert finding.mask.shape == (HEIGHT, WIDTH)
    assert not finding.mask[cut:].any()
    assert finding.mask[blot].mean() > 128


@pytest.mark.parametrize("whose", ["exhibit", "known"])
def test_a_copy_of_which_a_part_is_missing_is_not_said_to_be_the_whole_picture(whose):
    cut = round(HEIGHT * 0.6)
    part = LISTING.copy()
    part[cut:] = 128
    missing = Picture(part, WIDTH, HEIGHT, (), (0, cut, WIDTH, HEIGHT))
    whole = Picture(LISTING, WIDTH, HEIGHT, ())
    exhibit_picture, known_picture = (missing, whole) if whose == "exhibit" else (whole, missing)
    shown = Exhibit("claim.jpg", SOURCE, walk(SOURCE, Limits()), exhibit_picture)
    (finding,) = EXAMINER.examine(shown, Context(known=(Known("listing.jpg", "1" * 64, known_picture),)))
    assert finding.code == "derivation.known_picture_unchanged"
    assert "cut off" in finding.explain.en
    assert "不完整" in finding.explain.zh


def test_marks_beside_an_edit_are_counted_in_the_sentence():
    edited, _ = stained(LISTING)
    (finding,) = said(circled(edited), known(LISTING))
    assert finding.annotation is not None
    assert f"added marks: {len(finding.annotation.regions)}" in finding.explain.en
