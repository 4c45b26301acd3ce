"""What a test reads from a page."""

import html
import re


def text(answer):
    """Return what a reader sees, with single blanks."""
    body = re.sub(r"<(script|style).*?</\1>", " ", answer.body.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def fields(answer, action):
    """Return the hidden fields of the form that goes to an address; of several, the last one's."""
    forms = re.findall(r"<form[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", answer.body.decode(), re.S)
    inside = [body for address, body in forms if address == action]
    assert inside, f"no form goes to {action}"
    return dict(re.findall(r'<input type="hidden" name="(csrf|once)" value="([^"]*)"', inside[-1]))


def act(browser, case, action, page=None, **values):
    """Fill in the form of an action on a case's page, send it, and return the answer."""
    address = f"/desk/cases/{case}/{action}"
    shown = page or browser.get(f"/desk/cases/{case}")
    return browser.send(address, **fields(shown, address), **values)
