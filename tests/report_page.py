"""Look at the report page in a browser: open it, choose a mode, read the pixels of its stage."""

from contextlib import contextmanager

import cv2
import numpy as np
from tests import made_up
from tests.chromium import DESK

from bixie.report.page.render import render_page

ONE = made_up.claim(made_up.exhibit())


@contextmanager
def opener(browser, folder):
    """Yield a function that opens a claim's page; in the end no complaint and no request may be there."""
    contexts, troubles = [], []

    def open_it(result=ONE, *, size=DESK, language="zh", **options):
        file = folder / f"{len(contexts)}.html"
        file.write_text(render_page(result, language=language, command="bixie examine"), encoding="utf-8")
        locale = {"zh": "zh-CN", "en": "en-GB"}[language]
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, **{"locale": locale, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith(("file:", "data:")) or troubles.append(request.url),
        )
        page.goto(file.as_uri())
        return page

    open_it.troubles = troubles
    yield open_it
    for context in contexts:
        context.close()
    assert troubles == []


def choose(page, mode):
    page.locator(f".modes label:has(input[value={mode}])").first.click()


def stage(page):
    """Return what the first picture's stage shows, as pixels."""
    data = page.locator(".stage").first.screenshot()
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).astype(int)


def red(page):
    """Return how many pixels of the first picture's stage are as red as a ring."""
    shown = stage(page)
    return int(((shown[..., 2] > 190) & (shown[..., 1] < 90) & (shown[..., 0] < 90)).sum())
