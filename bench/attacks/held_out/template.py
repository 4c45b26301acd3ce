"""The banner that a shop sets around all of its pictures: `Template`."""

from dataclasses import dataclass

import cv2
import numpy as np

from bench.attacks.held_out.layer import Colour, colour_of
from bench.attacks.lettering import LATIN, latin

__all__ = ["Template"]


@dataclass(frozen=True)
class Template:
    """A strip above, a strip below, a word, sometimes a thin frame.

    Parameters
    ----------
    above, below : float
        Heights of the strips as parts of the picture's height.
    word : str
    ink, frame : Colour
    framed : bool
    """

    above: float
    below: float
    word: str
    ink: Colour
    frame: Colour
    framed: bool

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Template":
        """Draw a template: 12 to 25 % of the height above, 5 to 12 % below."""
        return cls(
            above=float(rng.uniform(0.12, 0.25)),
            below=float(rng.uniform(0.05, 0.12)),
            word=str(rng.choice(LATIN)),
            ink=colour_of(rng),
            frame=colour_of(rng),
            framed=bool(rng.random() < 0.5),
        )

    def around(self, rgb: np.ndarray, artwork: np.ndarray) -> np.ndarray:
        """Set a picture into the template, whose strips show `artwork`.

        Parameters
        ----------
        rgb, artwork : ndarray, shape (h, w, 3) and any other, uint8

        Returns
        -------
        ndarray, shape (h, w, 3), uint8
            Two pictures of one size get the same pixels in the strips.
        """
        height, width = rgb.shape[:2]
        top, bottom = round(height * self.above), round(height * self.below)
        printed = cv2.resize(artwork, (width, height), interpolation=cv2.INTER_AREA)
        framed = rgb.copy()
        framed[:top], framed[height - bottom :] = printed[:top], printed[height - bottom :]
        cover = latin(self.word, max(10, top // 2))[:top]
        if cover.shape[1] > 0.9 * width:
            factor = 0.9 * width / cover.shape[1]
            cover = cv2.resize(cover, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        down, right = (top - cover.shape[0]) // 2, (width - cover.shape[1]) // 2
        part = framed[down : down + cover.shape[0], right : right + cover.shape[1]]
        part[:] = np.round(part + (np.array(self.ink) - part) * cover[..., None]).astype(np.uint8)
        if self.framed:
            thickness = max(2, width // 80)
            cv2.rectangle(framed, (0, 0), (width - 1, height - 1), self.frame, thickness)
        return framed
