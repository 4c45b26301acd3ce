"""The progress bar: shown where someone is waiting, silent where output is only kept."""

import sys

import pytest

from bixie.kit.progress import MANY_FILES, no_progress, progress_bar


def run(capsys, total):
    with progress_bar("examining") as progress:
        for done in range(total + 1):
            progress(done, total)
    return capsys.readouterr()


def on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


def test_a_few_files_in_a_log_file_show_no_bar(capsys):
    assert run(capsys, MANY_FILES - 1).err == ""


def test_many_files_show_a_bar_even_in_a_log_file(capsys):
    shown = run(capsys, MANY_FILES)
    assert "examining" in shown.err
    assert shown.out == ""


def test_other_things_than_files_are_counted_by_their_name(capsys):
    with progress_bar("verifying", unit="event") as progress:
        progress(0, MANY_FILES)
    assert "event/s" in capsys.readouterr().err


def test_two_files_on_a_terminal_show_a_bar(capsys, monkeypatch):
    on_a_terminal(monkeypatch)
    assert "examining" in run(capsys, 2).err


def test_one_file_on_a_terminal_shows_no_bar(capsys, monkeypatch):
    on_a_terminal(monkeypatch)
    assert run(capsys, 1).err == ""


def failing_work():
    with progress_bar("examining") as progress:
        progress(0, MANY_FILES)
        raise RuntimeError


def test_the_bar_is_put_away_when_the_work_fails(capsys):
    with pytest.raises(RuntimeError):
        failing_work()
    assert capsys.readouterr().err.endswith("\r")


def test_no_progress_shows_nothing(capsys):
    no_progress(1, 2)
    assert capsys.readouterr() == ("", "")
