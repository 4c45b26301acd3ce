import numpy as np
from PIL import Image
from tests.makers.imaging import LIMITS, jpeg, noisy, source

from bixie.imaging.decode import decode
from bixie.imaging.hashing import BITS, hamming, perceptual_hash


def smooth(seed):
    return np.asarray(Image.fromarray(noisy(12, 9, seed)).resize((640, 480), Image.Resampling.BICUBIC))


def test_recompressing_and_reducing_change_few_bits():
    rgb = smooth(0)
    for copy in (
        decode(source(jpeg(rgb, quality=40)), LIMITS).rgb,
        np.asarray(Image.fromarray(rgb).resize((200, 150), Image.Resampling.BOX)),
        np.clip(rgb.astype(int) + 12, 0, 255).astype(np.uint8),
    ):
        assert hamming(perceptual_hash(rgb), perceptual_hash(copy)) <= 4


def test_different_pictures_differ_in_many_bits():
    hashes = [perceptual_hash(smooth(seed)) for seed in range(12)]
    distances = [hamming(a, b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(distances) > 12
    assert 24 < np.mean(distances) < 40


def test_a_hash_has_sixty_four_bits_and_the_smallest_pictures_have_one():
    for shape in ((1, 1), (3, 500), (32, 32)):
        assert 0 <= perceptual_hash(np.full((*shape, 3), 90, np.uint8)) < 1 << BITS


def test_the_distance_counts_bits():
    assert hamming(0, 0) == 0
    assert hamming(0b1011, 0b0001) == 2
    assert hamming(0, (1 << BITS) - 1) == BITS
