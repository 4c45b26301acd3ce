"""What came out too faint is drawn again, and the plainest is kept."""

import pytest
from bench.attacks.attempts import plainest


@pytest.mark.parametrize(
    ("scores", "kept", "asked"),
    [((0.3, 1.0, 2.0), 1, 2), ((0.3, 0.9, 0.2), 1, 3), ((1.0,), 0, 1), ((0.5, 0.5, 0.4), 0, 3)],
)
def test_the_plainest_of_a_few_is_kept_and_the_first_that_will_do_ends_it(scores, kept, asked):
    drawn = []

    def draw():
        drawn.append(len(drawn))
        return scores[drawn[-1]], drawn[-1]

    assert plainest(draw, 3) == kept
    assert len(drawn) == asked
