"""Take the pictures of the guide to reports anew: `python docs/images/generate_guide.py`.

Needs what the browser tests need: Chromium and a Chinese font.
"""

import contextlib
import io
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bixie import examine

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WIDTH = 1200
GAP = 8.0
"""Pixels left out above and below what is as wide as the page, where its lines stand; added to the rest."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a page: from the top of element `first` to the bottom of element `last`.

    Parameters
    ----------
    name : str
        Of the file, without language and ending.
    first, last : str
        Selectors.
    whole_width : bool
        Whether it is as wide as the page, and not as `last`.
    """

    name: str
    first: str
    last: str
    whole_width: bool = True


CASES = (
    (
        ["examples/claim.jpg"],
        ["examples/listing.jpg"],
        (
            Shot("guide-compare", ".hero", ".plate"),
            Shot("guide-finding", ".findings", ".findings", whole_width=False),
        ),
    ),
    (["examples/honest.jpg"], [], (Shot("guide-not-compared", ".hero", ".hero"),)),
)
"""Photos of a claim, known pictures, and what is shown of their report."""


def photograph(page: Page, shot: Shot) -> bytes:
    """Return `shot` of `page` as PNG."""
    first, last = (page.locator(selector).first.bounding_box() for selector in (shot.first, shot.last))
    assert first is not None, f"the page has no {shot.first}"
    assert last is not None, f"the page has no {shot.last}"
    gap = GAP if shot.whole_width else -GAP
    top, bottom = first["y"] + gap, last["y"] + last["height"] - gap
    left, width = (0.0, float(WIDTH)) if shot.whole_width else (last["x"] - GAP, last["width"] + 2 * GAP)
    return page.screenshot(full_page=True, clip={"x": left, "y": top, "width": width, "height": bottom - top})


def keep(page: Page, shot: Shot) -> None:
    """Replace the pictures of `shot` in both languages."""
    for language in ("zh", "en"):
        page.click(f"[data-set-lang={language}]")
        page.mouse.move(0, 0)
        with Image.open(io.BytesIO(photograph(page, shot))) as picture:
            picture.convert("RGB").save(HERE / f"{shot.name}-{language}.webp", quality=82, method=6)


def main() -> None:
    """Examine the examples and replace all pictures."""
    with contextlib.chdir(ROOT), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        for photos, known, shots in CASES:
            with tempfile.TemporaryDirectory() as folder:
                page.goto(examine(photos, known=known).save(folder).as_uri())
                for shot in shots:
                    keep(page, shot)
        browser.close()


if __name__ == "__main__":
    main()
