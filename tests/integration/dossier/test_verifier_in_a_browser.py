"""The page inside of every package, opened as a judge opens it: from a folder, without a network."""

import base64
import io
import random
from datetime import UTC, datetime

import pytest
from tests.axe import violations
from tests.chromium import CONTRAST, DESK, PHONE, running
from tests.makers.hostile_packages import hostile_packages
from tests.makers.packages import KEY, make_package
from tests.services.authorities import Keys

from bixie.dossier.inside import verifier
from bixie.dossier.package.contents import EXHIBITS, OPENINGS, PROOFS, STAMPS
from bixie.dossier.verification import Trusted, verify_package
from bixie.kit.canonical_json import encode_canonical
from bixie.kit.timestamps import format_timestamp

NOW = format_timestamp(datetime.now(UTC))
VERIFY = """async ([data, keys]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  return (await verify(new Blob([bytes]), keys)).map((line) => [line[0], line[1]]);
}"""
FLIPS = """async ([data, flips]) => {
  const missed = [];
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  for (const [place, bit] of flips) {
    bytes[place] ^= 1 << bit;
    const lines = await verify(new Blob([bytes]));
    if (!lines.some((line) => line[1] === "fault")) missed.push([place, bit]);
    bytes[place] ^= 1 << bit;
  }
  return missed;
}"""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    authority = Keys(tmp_path_factory.mktemp("authority") / "known", "Known")
    return make_package({"a.jpg": b"one" * 500, "b.png": b"two" * 900}, [authority], created_at=NOW)


@pytest.fixture(scope="module")
def browser():
    with running() as started:
        yield started


@pytest.fixture
def open_verifier(browser, tmp_path):
    """Return a function that opens the page from a folder and notes what it asks of a network."""
    file = tmp_path / "verify.html"
    file.write_bytes(verifier("verify.html"))

    def open_it(language="zh-CN", size=DESK, scheme="light"):
        context = browser.new_context(
            locale=language, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, offline=True
        )
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        return page

    return open_it


def asked(page, package, keys=()):
    return page.evaluate(VERIFY, [base64.b64encode(package).decode(), list(keys)])


def outer(package, keys=()):
    found = verify_package(io.BytesIO(package), Trusted(keys=keys))
    return [[one.name, str(one.state)] for one in found.checks]


def test_it_agrees_with_the_program_and_finds_every_flipped_bit(open_verifier, package):
    page = open_verifier()
    assert asked(page, package) == outer(package)
    trusted = (KEY.public,)
    assert asked(page, package, [KEY.public.raw.hex()]) == outer(package, trusted)
    chance = random.Random(26)
    flips = [(chance.randrange(len(package)), chance.randrange(8)) for _ in range(2000)]
    assert page.evaluate(FLIPS, [base64.b64encode(package).decode(), flips]) == []


def test_it_refuses_the_same_zips(open_verifier):
    page = open_verifier()
    for kind, hostile in hostile_packages(make_package()).items():
        assert asked(page, hostile) == outer(hostile), kind


def test_it_refuses_the_same_documents(open_verifier):
    page = open_verifier()
    for path in (EXHIBITS, OPENINGS, PROOFS, STAMPS):
        for value in (None, 5, "x", [], {}, [1], [None], [{}], {"a": 1}, {"paths": 5}):
            changed = make_package(changes={path: encode_canonical(value)}, created_at=NOW)
            fails = [state for _, state in asked(page, changed)].count("fault") > 0
            assert fails == (not verify_package(io.BytesIO(changed)).ok), (path, value)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_a_judge_sees_what_holds_and_a_changed_byte_being_found(
    open_verifier, package, tmp_path, language, size, scheme
):
    page = open_verifier(language, size, scheme)
    file = tmp_path / "package.zip"
    file.write_bytes(package)
    page.set_input_files("#file", file)
    page.locator("li[data-check=clock]").wait_for()
    assert page.locator("li[data-state=fault]").count() == 0
    page.fill("#key", KEY.public.raw.hex())
    page.locator("#key").blur()
    page.locator("li[data-check=key][data-state=ok]").wait_for()
    assert violations(page) == []
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("#change")
    page.locator("li[data-state=fault]").first.wait_for()
    assert page.locator("#answer").get_attribute("class") == "fault"
    assert page.locator("#changed").inner_text()
    assert violations(page) == []
