"""Take the pictures of both READMEs anew from the example's report page: `python docs/images/generate.py`.

Needs what the browser tests need: Chromium and a Chinese font.
"""

import contextlib
import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from bixie import examine

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WIDTH = 1200


def photographs(page_file: Path) -> dict[str, bytes]:
    """Return the section of the first file of a report page as PNG, by language."""
    taken: dict[str, bytes] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.goto(page_file.as_uri())
        for language in ("zh", "en"):
            page.click(f"[data-set-lang={language}]")
            box = page.locator("#file-1").bounding_box()
            assert box is not None, "the page has no file"
            page.mouse.move(0, 0)
            part = {"x": 0.0, "y": box["y"] + 8, "width": float(WIDTH), "height": box["height"] - 16}
            taken[language] = page.screenshot(full_page=True, clip=part)
        browser.close()
    return taken


def main() -> None:
    """Examine the example and replace both pictures."""
    with contextlib.chdir(ROOT), tempfile.TemporaryDirectory() as folder:
        report = examine(["examples/claim.jpg", "examples/honest.jpg"], known=["examples/listing.jpg"])
        for language, png in photographs(report.save(folder)).items():
            with Image.open(io.BytesIO(png)) as picture:
                picture.convert("RGB").save(HERE / f"report-{language}.webp", quality=82, method=6)


if __name__ == "__main__":
    main()
