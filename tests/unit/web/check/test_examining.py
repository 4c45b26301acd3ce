"""Examinations of the drop page, each in a child process: a file that ends it costs the others nothing."""

import json
from pathlib import Path

import pytest
from tests.makers.imaging import every_format
from tests.unit.web.check import costly_tasks

from bixie.imaging.children import CHILDREN
from bixie.imaging.limits import Limits
from bixie.kit.isolation.errors import CutOffError
from bixie.report.saving import DOCUMENT, PAGE, save_parts
from bixie.web.check import examining
from bixie.web.check.examining import Given, examine_given

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
CLAIM, LISTING = (Given(name, EXAMPLES / name) for name in ("claim.jpg", "listing.jpg"))


class Told:
    """Keeps what the page is told."""

    def __init__(self):
        self.claim, self.known = [], []

    @property
    def attempts(self):
        return self.known.count(0)

    def examine(self, claim, known=(), language="zh"):
        return examine_given(
            claim, known, None, language=language, limits=Limits(),
            on_known=lambda done, _: self.known.append(done),
            on_claim=lambda done, _: self.claim.append(done),
        )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def warm():
    CHILDREN.warm(examining.__name__)


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def given(tmp_path):
    """Return a function that gives the page a file."""

    def give(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        return Given(name, path)

    return give


@pytest.fixture
def small(given):
    return given("small.png", every_format()["png"])


@pytest.fixture
def marked(given):
    return given("marked.png", every_format()["png"] + costly_tasks.MARK)


@pytest.fixture
def child_does(monkeypatch):
    """Return a function that has the child do one of `costly_tasks`; two files are examined at once."""

    def use(name):
        monkeypatch.setattr(examining, "_TASK", f"{costly_tasks.NAME}:{name}")
        monkeypatch.setattr(examining, "worker_count", lambda files: min(files, 2))

    return use


def errors(report, side="exhibits"):
    return [one["error"] and one["error"]["code"] for one in json.loads(report.document)[side]]


def test_the_report_has_page_masks_verdict_and_message_and_every_file_is_told(told, small, tmp_path):
    report, message = told.examine([CLAIM, small], [LISTING], "en")
    assert (report.verdict, report.verdicts[0]) == ("refuted", "refuted")
    assert message.zh
    assert (told.known, told.claim) == ([0, 1], [0, 1, 2])
    page = save_parts(report.parts(), tmp_path / "report")
    assert '<html lang="en"' in page.read_text("utf-8")
    masks = {finding["mask"] for finding in json.loads(report.document)["exhibits"][0]["findings"]} - {None}
    assert masks
    written = {path.relative_to(page.parent).as_posix() for path in page.parent.rglob("*") if path.is_file()}
    assert written >= {DOCUMENT, PAGE, *masks}


def test_a_file_that_ends_its_process_is_unreadable_and_the_others_are_examined(
    told, marked, small, child_does
):
    child_does("end_at_a_mark")
    report, _ = told.examine([marked, small])
    assert errors(report) == ["imaging.too_costly", None]
    assert told.attempts == 1 + 3 + 1  # together, three times alone, without it


def test_a_known_picture_that_ends_its_process_is_left_out(told, marked, small, child_does, monkeypatch):
    child_does("end_at_a_mark")
    monkeypatch.setattr(examining, "_TRIES", 1)
    report, _ = told.examine([small], [marked])
    assert (errors(report), errors(report, "known")) == ([None], ["imaging.too_costly"])


def test_a_run_whose_files_end_process_after_process_is_given_up(
    told, marked, small, child_does, monkeypatch
):
    child_does("end_at_a_mark")
    monkeypatch.setattr(examining, "_MAX_CUT_OFF", 2)
    with pytest.raises(CutOffError):
        told.examine([marked, small])
    assert told.attempts == 2


def test_files_that_lack_memory_together_are_examined_one_after_the_other(told, small, given, child_does):
    child_does("lack_memory_together")
    report, _ = told.examine([small, given("other.jpg", every_format()["jpeg"])])
    assert errors(report) == [None, None]


@pytest.mark.parametrize("name", ["end_after_the_last_file", "tell_too_much", "write_a_message"])
def test_what_no_file_is_to_blame_for_is_blamed_on_none(told, small, child_does, name):
    child_does(name)
    with pytest.raises(CutOffError):
        told.examine([small])
    assert told.attempts == (name != "tell_too_much")


def test_a_failure_that_memory_may_explain_is_looked_at_again_without_neighbours(
    told, small, given, child_does
):
    child_does("end_at_a_mark")
    report, _ = told.examine([given("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(100)), small])
    assert errors(report) == ["imaging.broken", None]
    assert told.attempts == 2


def test_what_progress_raises_ends_the_examination(small):
    class DroppedError(Exception):
        pass

    def drop(_done, _total):
        raise DroppedError

    with pytest.raises(DroppedError):
        examine_given([small], [], None, language="zh", limits=Limits(), on_known=drop, on_claim=drop)


def test_a_file_that_is_gone_is_said_to_be(told, small, tmp_path):
    report, _ = told.examine([Given("gone.jpg", tmp_path / "gone"), small])
    assert errors(report) == ["imaging.unreadable_path", None]
