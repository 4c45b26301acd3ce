"""Marks as markup tools draw them: true about where they are, and visible."""

import numpy as np
import pytest
from tests.makers.photo import photo
from training.markup import FORMS, marked_up
from training.markup_shapes import FREE, UPRIGHT

SHAPES = sorted({*FREE, *UPRIGHT}, key=lambda shape: shape.__name__)


@pytest.mark.parametrize("size", [(150, 150), (150, 310), (420, 300)])
@pytest.mark.parametrize("form", FORMS)
def test_a_mark_changes_the_picture_only_where_it_says(form, size):
    picture = photo(*size, 3)
    before = picture.copy()
    for seed in range(12):
        marked, cover = marked_up(picture, np.random.default_rng(seed), form)
        assert np.array_equal(picture, before)
        assert marked.shape == picture.shape
        assert cover.shape == size
        assert marked.dtype == cover.dtype == np.float32
        assert 0 <= marked.min() <= marked.max() <= 255
        assert 0 <= cover.min() <= cover.max() <= 1
        assert np.array_equal(marked[cover == 0], picture[cover == 0])


@pytest.mark.parametrize("seed", range(6))
def test_one_seed_draws_one_mark(seed):
    picture = photo(240, 320, 3)
    first, second = (marked_up(picture, np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
    assert not np.array_equal(first[0], marked_up(picture, np.random.default_rng(seed + 100))[0])


@pytest.mark.parametrize("form", FORMS)
def test_marks_of_every_form_can_be_seen(form):
    picture = photo(300, 400, 3)
    marked = (marked_up(picture, np.random.default_rng(seed), form)[0] for seed in range(20))
    assert sum(np.abs(each - picture).max() > 8 for each in marked) >= 18


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__.strip("_"))
def test_shapes_fill_the_square_that_they_are_placed_by(shape):
    for seed in range(30):
        points = np.concatenate([part.points for part in shape(np.random.default_rng(seed), 0.1)])
        assert np.isfinite(points).all()
        assert np.abs(points).max() < 1.8
        assert np.ptp(points, axis=0).max() > 0.5
