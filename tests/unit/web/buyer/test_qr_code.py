"""A QR code says what it was made of to a reader that Bixie did not write."""

import cv2
import numpy as np
import pytest

from bixie.web.buyer.qr_code import qr_modules, qr_svg


def read(modules):
    """Return what another decoder reads from a code, drawn large with its white margin."""
    cells = np.pad(np.array(modules, dtype=bool), 4)
    picture = np.where(np.kron(cells, np.ones((6, 6), dtype=bool)), 0, 255).astype(np.uint8)
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]


@pytest.mark.parametrize("size", [1, 17, 18, 100, 230, 231, 330, 470, 520])
def test_a_code_of_every_usual_size_can_be_read(size):
    text = ("https://shop.example/c/" + "aZ09-_." * 200)[:size]
    assert read(qr_modules(text)) == text


def test_a_text_that_is_too_long_is_refused_and_the_drawing_loads_nothing():
    with pytest.raises(ValueError, match="bytes"):
        qr_modules("x" * 5000)
    assert qr_svg("x").startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "href" not in qr_svg("x")
