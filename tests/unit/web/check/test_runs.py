"""Runs of the drop page: bounds on their number and their files, and what is removed when."""

import pytest

from bixie.imaging.limits import Limits
from bixie.web.check import runs as runs_module
from bixie.web.check.errors import CheckError
from bixie.web.check.run import Side, State, Visitor
from bixie.web.check.runs import Runs
from bixie.web.check.workspace import Workspace

ME, COLLEAGUE = Visitor("tenant_a", "person_a"), Visitor("tenant_a", "person_b")
STRANGER = Visitor("tenant_b", "person_c")


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
    given = runs.new_file(run, side, name, 1)
    given.path.write_bytes(b"x")
    return runs.add(run, side, given)


def test_one_name_on_one_side_is_one_file(runs):
    run = runs.begin(ME)
    names = [give(runs, run).name for _ in range(3)]
    assert names == ["a.jpg", "a.jpg (2)", "a.jpg (3)"]
    assert give(runs, run, Side.KNOWN).name == "a.jpg"


def test_a_name_is_one_line_and_bounded(runs):
    run = runs.begin(ME)
    assert give(runs, run, name="a\n\u202eb" + "c" * 999).name.startswith("a bc")
    assert len(give(runs, run, name="d" * 999).name) == 200
    assert give(runs, run, name="").name == "file"


def test_more_files_than_the_bound_are_refused(runs, monkeypatch):
    monkeypatch.setattr(runs_module, "MAX_FILES", 2)
    run = runs.begin(ME)
    give(runs, run)
    give(runs, run, Side.KNOWN)
    with pytest.raises(CheckError) as refusal:
        runs.new_file(run, Side.CLAIM, "c.jpg", 1)
    assert refusal.value.code == "check.too_many_files"


def test_files_that_arrive_at_the_same_time_are_counted_again_when_they_are_there(runs, monkeypatch):
    monkeypatch.setattr(runs_module, "MAX_FILES", 1)
    run = runs.begin(ME)
    first, second = (runs.new_file(run, Side.CLAIM, name, 1) for name in ("a.jpg", "b.jpg"))
    second.path.write_bytes(b"x")
    runs.add(run, Side.CLAIM, first)
    with pytest.raises(CheckError):
        runs.add(run, Side.CLAIM, second)
    assert not second.path.exists()


def test_the_run_that_was_asked_about_least_recently_makes_room(runs, clock):
    first, *others = [runs.begin(ME) for _ in range(8)]
    clock.now = 1
    for run in others:
        runs.find(run.id, ME)
    runs.begin(ME)
    assert not first.folder.exists()
    with pytest.raises(CheckError, match=r"check\.no_such_run"):
        runs.find(first.id, ME)
    assert all(runs.find(run.id, ME) is run for run in others)


def test_a_run_that_nobody_asks_about_is_dropped(runs, clock):
    left, used = runs.begin(ME), runs.begin(ME)
    clock.now = 31 * 60
    runs.touch(used)
    runs.drop_idle()
    assert not left.folder.exists()
    assert used.folder.exists()


@pytest.mark.parametrize("other", [COLLEAGUE, STRANGER])
def test_nobody_else_sees_or_drops_a_run(runs, other):
    run = runs.begin(ME)
    with pytest.raises(CheckError) as refusal:
        runs.find(run.id, other)
    assert (refusal.value.code, refusal.value.status) == ("check.no_such_run", 404)
    runs.drop(run.id, other)
    assert runs.find(run.id, ME) is run


def test_runs_of_a_tenant_are_bounded_and_nobody_loses_one_to_a_colleague(runs, monkeypatch):
    monkeypatch.setattr(runs_module, "_MAX_TENANT_RUNS", 2)
    first, second = runs.begin(ME), runs.begin(ME)
    with pytest.raises(CheckError, match=r"check\.busy"):
        runs.begin(COLLEAGUE)
    runs.begin(STRANGER)
    assert [runs.find(run.id, ME) for run in (first, second)] == [first, second]


def test_bytes_of_a_tenant_are_bounded_and_free_again_when_a_file_is_refused(runs, monkeypatch):
    monkeypatch.setattr(runs_module, "_MAX_TENANT_BYTES", 10)
    run, other = runs.begin(ME), runs.begin(COLLEAGUE)
    given = runs.new_file(run, Side.CLAIM, "a.jpg", 6)
    with pytest.raises(CheckError, match=r"check\.too_many_bytes"):
        runs.new_file(other, Side.CLAIM, "b.jpg", 6)
    runs.new_file(runs.begin(STRANGER), Side.CLAIM, "b.jpg", 6)
    runs.discard(run, given)
    runs.new_file(other, Side.CLAIM, "b.jpg", 6)


def test_an_examination_that_nobody_waits_for_ends_at_its_next_file(runs, monkeypatch):
    looked_at = []

    def slow(claim, known, order, *, on_claim, **_):
        for number, one in enumerate(claim):
            looked_at.append(one.name)
            runs.drop(run.id, ME)
            on_claim(number, len(claim))

    monkeypatch.setattr(runs_module, "examine_given", slow)
    run = runs.begin(ME)
    for name in ("a.jpg", "b.jpg"):
        give(runs, run, name=name)
    runs.start(run, {}, "zh")
    runs._examiner.submit(int).result()
    assert looked_at == ["a.jpg"]
    assert not run.folder.exists()


def test_runs_under_examination_are_never_dropped(runs):
    for _ in range(8):
        runs.begin(ME).state = State.RUNNING
    with pytest.raises(CheckError) as refusal:
        runs.begin(ME)
    assert (refusal.value.code, refusal.value.status) == ("check.busy", 409)


def test_a_defect_in_an_examination_is_told_and_its_files_are_removed(runs, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("a defect")

    monkeypatch.setattr(runs_module, "examine_given", broken)
    run = runs.begin(ME)
    given = give(runs, run)
    runs.start(run, {}, "zh")
    runs._examiner.submit(int).result()
    assert run.state is State.FAILED
    assert not given.path.exists()


def test_nothing_is_left_after_closing(tmp_path, clock):
    runs = Runs(Limits(), Workspace(tmp_path), clock)
    give(runs, runs.begin(ME))
    runs.close()
    assert list(tmp_path.iterdir()) == []
