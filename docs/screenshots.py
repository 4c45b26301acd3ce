"""Take the pictures of the main pages anew, from the demo: `python docs/screenshots.py`.

Starts the demo in a temporary folder, steps into each role as a visitor does, and keeps what a phone and a
desk show as WebP in docs/images/pages. Names on the command line take these pages only.

Needs what the browser tests need: Chromium and a Chinese font.
"""

import argparse
import contextlib
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent / "images" / "pages"
MAX_BYTES = 80_000
QUALITY = 75
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
"""Width and height in CSS pixels."""
TIME_OUT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to look at.

    Parameters
    ----------
    name : str
        Of its files, before size and language.
    person : str or None
        Login of whose role is taken; None for the page before that, or for a buyer.
    order : str or None
        Number of an order whose buyer is taken.
    path : str or None
        To go to after that.
    link : str or None
        Selector of what is clicked there.
    """

    name: str
    person: str | None = None
    order: str | None = None
    path: str | None = None
    link: str | None = None

    @property
    def views(self) -> Sequence[tuple[str, str]]:
        """Sizes and languages: buyers hold phones, staff sit at desks and have a phone at times."""
        languages = ("zh", "en")
        own, other = ("phone", "desk") if self.order else ("desk", "phone")
        return [*((own, language) for language in languages), (other, "zh")]


SHOTS = (
    Shot("demo"),
    Shot("claim", order="DEMO-1012"),
    Shot("buyer", order="DEMO-1002"),
    Shot("desk", person="clerk_food", path="/desk"),
    Shot("desk-case", person="clerk_food", path="/desk?view=all&q=1008", link=".case-link"),
    Shot("console", person="reviewer_1", path="/console"),
    Shot("console-case", person="reviewer_1", path="/console", link="main a[href^='/console/cases/']"),
    Shot("today", person="admin", path="/"),
    Shot("admin", person="admin", path="/admin"),
    Shot("law", person="reviewer_1", path="/law"),
)


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """Serve a new demo; yield its address."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        command = [sys.executable, "-m", "bixie", "demo", "--data", f"{folder}/data", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline().removeprefix("ready ").strip()
            finally:
                process.terminate()


def go(page: Page, address: str, shot: Shot, language: str) -> None:
    """Go to the page of `shot`, by the start page of the demo."""
    page.goto(f"{address}/demo?lang={language}")
    door = shot.person or shot.order
    if door is not None:
        page.click(f"form:has(input[value='{door}']) button")
        page.wait_for_load_state()
    if shot.path is not None:
        page.goto(f"{address}{shot.path}")
    if shot.link is not None:
        page.locator(shot.link).first.click()
        page.wait_for_load_state()
    # Not "networkidle": pages of cases hold a connection for news.
    page.wait_for_function("[...document.images].every((one) => one.complete || one.loading === 'lazy')")
    page.wait_for_timeout(500)


def faults(page: Page) -> list[str]:
    """Return what is wider than the page, and texts that are cut off."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          const scrolls = (one) => one && (/(auto|scroll|hidden|clip)/.test(getComputedStyle(one).overflowX)
            || scrolls(one.parentElement));
          const said = (one) => one.textContent.trim().slice(0, 40);
          const name = (one) => `${one.tagName.toLowerCase()}.${one.className} ${said(one)}`;
          return [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
            && !one.closest(".unseen, .skip, svg") && one.getBoundingClientRect().right > wide + 1
            && !scrolls(one.parentElement)).map((one) => `wider than the page: ${name(one)}`);
        }"""
    )
    return found


def take(browser: Browser, address: str, shot: Shot, size: str, language: str) -> list[str]:
    """Replace one picture; return what is wrong with the page."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1.5 if size == "phone" else 1,
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.set_default_timeout(TIME_OUT_MS)
    go(page, address, shot, language)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        kept = FOLDER / f"{shot.name}-{size}-{language}.webp"
        picture.convert("RGB").save(kept, quality=QUALITY, method=6)
    found = [f"{shot.name} {size} {language}: {one}" for one in faults(page)]
    context.close()
    if kept.stat().st_size > MAX_BYTES:
        found.append(f"{kept.name} has {kept.stat().st_size} bytes")
    return found


def main() -> int:
    """Replace the pictures; 1 where something is cut off or too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="PAGE", help=", ".join(one.name for one in SHOTS))
    parser.add_argument("--address", help="of a demo that runs already")
    options = parser.parse_args()
    shots = [one for one in SHOTS if not options.names or one.name in options.names]
    FOLDER.mkdir(parents=True, exist_ok=True)
    running = contextlib.nullcontext(options.address) if options.address else demo()
    with running as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found = [
            fault
            for shot in shots
            for size, language in shot.views
            for fault in take(browser, address, shot, size, language)
        ]
        browser.close()
    print("\n".join(found) or f"{len(shots)} pages, nothing cut off")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
