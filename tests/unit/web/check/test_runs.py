"""Runs of the drop page: bounds on their number and their files, and what is removed when."""

import pytest

from bixie.imaging.limits import Limits
from bixie.web.check import runs as runs_module
from bixie.web.check.errors import CheckError
from bixie.web.check.runs import Runs, Side, State
from bixie.web.check.workspace import Workspace


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def runs(tmp_path, clock):
    made = Runs(Limits(), Workspace(tmp_path), clock)
    yield made
    made.close()


def give(runs, run, side=Side.CLAIM, name="a.jpg"):
    given = runs.new_file(run, side, name)
    given.path.write_bytes(b"x")
    return runs.add(run, side, given)


def test_one_name_on_one_side_is_one_file(runs):
    run = runs.begin()
    names = [give(runs, run).name for _ in range(3)]
    assert names == ["a.jpg", "a.jpg (2)", "a.jpg (3)"]
    assert give(runs, run, Side.KNOWN).name == "a.jpg"


def test_a_name_is_one_line_and_bounded(runs):
    run = runs.begin()
    assert give(runs, run, name="a\n\u202eb" + "c" * 999).name.startswith("a bc")
    assert len(give(runs, run, name="d" * 999).name) == 200
    assert give(runs, run, name="").name == "file"


def test_more_files_than_the_bound_are_refused(runs, monkeypatch):
    monkeypatch.setattr(runs_module, "MAX_FILES", 2)
    run = runs.begin()
    give(runs, run)
    give(runs, run, Side.KNOWN)
    with pytest.raises(CheckError) as refusal:
        runs.new_file(run, Side.CLAIM, "c.jpg")
    assert refusal.value.code == "check.too_many_files"


def test_files_that_arrive_at_the_same_time_are_counted_again_when_they_are_there(runs, monkeypatch):
    monkeypatch.setattr(runs_module, "MAX_FILES", 1)
    run = runs.begin()
    first, second = (runs.new_file(run, Side.CLAIM, name) for name in ("a.jpg", "b.jpg"))
    second.path.write_bytes(b"x")
    runs.add(run, Side.CLAIM, first)
    with pytest.raises(CheckError):
        runs.add(run, Side.CLAIM, second)
    assert not second.path.exists()


def test_the_run_that_was_asked_about_least_recently_makes_room(runs, clock):
    first, *others = [runs.begin() for _ in range(8)]
    clock.now = 1
    for run in others:
        runs.find(run.id)
    runs.begin()
    assert not first.folder.exists()
    with pytest.raises(CheckError, match=r"check\.no_such_run"):
        runs.find(first.id)
    assert all(runs.find(run.id) is run for run in others)


def test_a_run_that_nobody_asks_about_is_dropped_when_another_begins(runs, clock):
    left = runs.begin()
    clock.now = 31 * 60
    runs.begin()
    assert not left.folder.exists()


def test_runs_under_examination_are_never_dropped(runs):
    for _ in range(8):
        runs.begin().state = State.RUNNING
    with pytest.raises(CheckError) as refusal:
        runs.begin()
    assert (refusal.value.code, refusal.value.status) == ("check.busy", 409)


def test_a_defect_in_an_examination_is_told_and_its_files_are_removed(runs, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("a defect")

    monkeypatch.setattr(runs_module, "examine_given", broken)
    run = runs.begin()
    given = give(runs, run)
    runs.start(run, None, "zh")
    runs._examiner.submit(int).result()
    assert run.state is State.FAILED
    assert not given.path.exists()


def test_nothing_is_left_after_closing(tmp_path, clock):
    runs = Runs(Limits(), Workspace(tmp_path), clock)
    give(runs, runs.begin())
    runs.close()
    assert list(tmp_path.iterdir()) == []
