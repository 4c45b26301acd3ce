"""Take the pictures of the documentation anew, from the example: report page and page to drop photos on.

`python docs/images/generate.py`

Needs what the browser tests need: Chromium and a Chinese font.
"""

import contextlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Page, Route, sync_playwright

from bixie import examine

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WIDTH = 1200
CLAIM = ["examples/claim.jpg", "examples/honest.jpg"]
KNOWN = ["examples/listing.jpg"]
RUN = re.compile("/check/runs/[^/]+$")
"""Where the drop page asks how far its run is."""


def pictures_of_report(page: Page, page_file: Path) -> dict[str, bytes]:
    """Return the section of the first file of a report page as PNG, by language."""
    taken: dict[str, bytes] = {}
    page.goto(page_file.as_uri())
    for language in ("zh", "en"):
        page.click(f"[data-set-lang={language}]")
        box = page.locator("#file-1").bounding_box()
        assert box is not None, "the page has no file"
        page.mouse.move(0, 0)
        part: FloatRect = {"x": 0.0, "y": box["y"] + 8, "width": float(WIDTH), "height": box["height"] - 16}
        taken[language] = page.screenshot(full_page=True, clip=part)
    return taken


def pictures_of_drop_page(page: Page, address: str) -> dict[str, bytes]:
    """Return the page to drop photos on with the example's photos on it, as PNG, by language."""
    taken: dict[str, bytes] = {}
    page.set_viewport_size({"width": WIDTH, "height": 730})
    for language in ("zh", "en"):
        page.goto(f"{address}?lang={language}")
        page.locator("[data-side=claim] input").first.set_input_files(CLAIM)
        page.locator("[data-side=known] input").first.set_input_files(KNOWN)
        page.wait_for_selector("#go:not([disabled])")
        taken[language] = page.screenshot(full_page=True)
    return taken


def in_progress(route: Route) -> None:
    """Answer for the program that one of two files is done: a picture needs a state that stands still."""
    done = {"known": {"done": 1, "total": 1}, "claim": {"done": 1, "total": 2}}
    route.fulfill(json={"state": "running", "verdict": None, "message": None, **done})


def pictures_of_run(page: Page, address: str, language: str) -> dict[str, bytes]:
    """Return the page to drop photos on as PNG by state: empty, in progress, answered."""
    taken: dict[str, bytes] = {}
    page.set_viewport_size({"width": WIDTH, "height": 640})
    page.goto(f"{address}?lang={language}")
    page.wait_for_selector("#ask:not([hidden])")
    taken["empty"] = page.screenshot()
    page.locator("[data-side=claim] input").first.set_input_files(CLAIM)
    page.locator("[data-side=known] input").first.set_input_files(KNOWN)
    page.route(RUN, lambda route: in_progress(route) if route.request.method == "GET" else route.continue_())
    page.click("#go")
    page.wait_for_selector("#arriving[hidden]", state="attached")
    page.wait_for_timeout(1500)
    taken["busy"] = page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": 340})
    page.unroute(RUN)
    page.wait_for_selector("#answer:not([hidden])")
    page.set_viewport_size({"width": WIDTH, "height": 1000})
    page.wait_for_timeout(1000)
    taken["answer"] = page.screenshot()
    page.click("#new")
    return taken


@contextlib.contextmanager
def drop_page() -> Iterator[str]:
    """Serve the page to drop photos on; yield its address."""
    command = [sys.executable, "-m", "bixie", "open", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().removeprefix("ready ").strip()
        process.terminate()


def save(kind: str, taken: dict[str, bytes]) -> None:
    """Replace the pictures of a kind."""
    for language, png in taken.items():
        with Image.open(io.BytesIO(png)) as picture:
            picture.convert("RGB").save(HERE / f"{kind}-{language}.webp", quality=82, method=6)


def main() -> None:
    """Examine the example and replace all pictures."""
    with contextlib.chdir(ROOT), tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        report = examine(CLAIM, known=KNOWN)
        save("report", pictures_of_report(page, report.save(folder)))
        with drop_page() as address:
            save("check", pictures_of_drop_page(page, address))
            runs = {language: pictures_of_run(page, address, language) for language in ("zh", "en")}
            for state in ("empty", "busy", "answer"):
                save(f"check-{state}", {language: taken[state] for language, taken in runs.items()})
        browser.close()


if __name__ == "__main__":
    main()
