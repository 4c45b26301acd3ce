"""The commands of docs/tutorial/a-claim-from-start-to-end.md as they stand there, with server and worker."""

import re
import shutil
import time
from pathlib import Path

import pytest
from tests.acceptance.pages import TOO_LONG, bixie, blocks, curl, words

ROOT = Path(__file__).resolve().parents[2]
NAME = "a-claim-from-start-to-end"
ENGLISH, CHINESE = (
    (ROOT / f"docs/tutorial/{NAME}{end}").read_text(encoding="utf-8") for end in (".md", ".zh-CN.md")
)
WRITTEN = re.compile(r'((?:"(?:text|note|name|language)": |tenant add )")[^"]*')
FILE, CLAIMED = "the case file", "an item of the queue"
AFTER = [
    *("awaiting_merchant", "awaiting_buyer", "awaiting_merchant", "awaiting_buyer", "in_review", "in_review"),
    *("in_review", FILE, FILE, CLAIMED, "decided", "appealed", "appealed", FILE, FILE, CLAIMED, "decided"),
]
"""Status after each call on the case, or what it answers instead."""


def without_words(page):
    """Return the commands of a page without what people write, which stands there in their language."""
    return [WRITTEN.sub(r"\1…", block) for block in blocks(page)]


def test_both_languages_show_the_same_commands():
    assert without_words(ENGLISH) == without_words(CHINESE)
    assert re.search(r'"(text|note|name)": "[A-Za-z]', "".join(blocks(CHINESE))) is None


def test_the_claim_goes_from_its_filing_over_the_appeal_to_the_remedy(environment, start):
    if shutil.which("curl") is None:
        pytest.skip("curl is not there")
    prepared, services, functions, *calls = (block.strip() for block in blocks(ENGLISH))
    *calls, checks = calls
    tenant, *keys = prepared.splitlines()
    environment["TENANT"] = bixie(tenant, environment)["id"]
    for name, command in zip(("SHOP", "CLERK", "FIRST", "SECOND"), keys, strict=True):
        environment[name] = bixie(command, environment)["key"]
    serve, worker = services.splitlines()
    server = start([*words(serve, environment), "--port", "0", "--lang", "en"], environment)
    environment["URL"] = server.stdout.readline().split()[-1]
    start(words(worker, environment), environment)

    def do(call):
        return curl(f"{functions}\n{call}", environment)

    order, photo, *on_case, remedies, confirm, last = calls
    do(order)
    environment["PHOTO"] = do(photo)["id"]
    files = []
    for number, (call, status) in enumerate(zip(on_case, AFTER, strict=True)):
        answer = do(call)
        if number == 0:
            environment["CASE"] = answer["id"]
        if status == FILE:
            files.append(answer["sha256"])
        elif status != CLAIMED:
            assert answer.get("case", answer)["status"] == status, call
    assert files[0] == files[1] != files[2] == files[3]
    environment["REMEDY"] = ordered(lambda: do(remedies))
    do(confirm)
    assert (do(last)["status"], do(last)["closed_why"]) == ("closed", "remedied")
    verify, replay = checks.replace("$CASE", environment["CASE"]).splitlines()
    assert bixie(verify, environment)["ok"]
    replayed = bixie(replay, environment)
    assert (replayed["identical"], len(replayed["records"])) == (True, 2)


def ordered(listed):
    """Wait until the worker has ordered the refund; return its id."""
    end = time.monotonic() + TOO_LONG
    while time.monotonic() < end:
        items = listed()["items"]
        if items:
            return items[0]["id"]
        time.sleep(0.2)
    raise AssertionError("no remedy was ordered")
