import numpy as np
import pytest
from bench import datasets
from bench.datasets import identity_of, pictures_of, read_rgb, regenerated_pairs, split_of


@pytest.fixture(autouse=True)
def _samples_only(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")


def test_nothing_is_tuned_on_the_committed_samples():
    assert {picture.split for picture in pictures_of()} == {"test"}
    assert {pair.split for pair in regenerated_pairs()} == {"test"}


def test_a_split_does_not_depend_on_the_machine():
    assert split_of("camera_1024/cam_003.jpg") == "test"
    assert split_of("clothing/clo_0000.jpg") == "train"


def test_all_shots_of_a_product_share_a_split():
    names = ("grocery/gro_0209_Bravo_Apple_Juice.jpg", "grocery/gro_9999_Bravo_Apple_Juice.jpg")
    assert len({identity_of(name) for name in names}) == 1
    assert len({split_of(name) for name in names}) == 1


def test_a_scene_stays_together_and_out_of_the_test_when_one_of_its_files_would_be_trained_on():
    scene = [f"camera_1024/cam_{number}.jpg" for number in ("000", "026", "049")]
    assert {split_of(name) for name in scene} == {"train"}
    assert len({identity_of(name) for name in scene}) == 1


def test_every_sample_is_a_picture_of_at_most_640_pixels():
    for picture in pictures_of():
        assert max(picture.read().shape[:2]) <= 640


def test_a_regenerated_pair_shows_one_scene_at_one_size():
    for pair in regenerated_pairs():
        before, after = read_rgb(pair.before), read_rgb(pair.after)
        assert before.shape == after.shape
        assert np.abs(before.astype(int) - after).mean() < 30


def test_the_samples_weigh_less_than_two_and_a_half_megabytes():
    folder = datasets.data_folder()
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 2.5e6


def test_what_is_no_picture_says_so(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="not a picture"):
        read_rgb(tmp_path / "a.jpg")
