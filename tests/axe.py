"""axe-core on a page: what a machine can see of the rules for accessibility."""

from importlib.resources import files

_SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
_RUN = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"


def violations(page):
    """Return what axe finds on a page and in its frames: rule, places, and what the rule asks for.

    A frame that is folded away has loaded nothing yet, so there is nothing to look at in it.
    """
    for frame in page.frames:
        if frame.parent_frame is None or frame.frame_element().is_visible():
            frame.evaluate(_SCRIPT)
    return [
        f"{one['id']} at {[node['target'] for node in one['nodes']]}: {one['help']}"
        for one in page.evaluate(_RUN)
    ]
