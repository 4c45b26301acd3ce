"""The commands of the README, as printed, in their order, on the files of a fresh clone."""

import re
import shlex
import shutil

import pytest
from tests.acceptance.conftest import ROOT

from bixie.cli.main import build_parser, main

LINES = [
    line.partition(" #")[0].rstrip()
    for block in re.findall(r"(?ms)^```sh\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"))
    for line in block.splitlines()
]
COMMANDS = [shlex.split(line)[1:] for line in LINES if line.startswith("bixie ")]
STAYING = ("open", "serve", "worker")
"""They run until they are told to stop."""


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder with the examples; data go to where they go without settings."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BIXIE_DATA", raising=False)
    return tmp_path


def test_every_command_of_the_readme_does_what_it_says(clone, capfd):
    assert len(COMMANDS) > 10
    ended = {shlex.join(words): main(words) for words in COMMANDS if words[0] not in STAYING}
    assert ended == dict.fromkeys(ended, 0)
    assert (clone / "my-report" / "index.html").is_file()
    assert (clone / "backups" / "today").is_dir()


def test_the_commands_that_stay_are_understood():
    staying = [words for words in COMMANDS if words[0] in STAYING]
    assert {words[0] for words in staying} == set(STAYING)
    for words in staying:
        build_parser("en").parse_args(words)


def test_a_clone_has_nothing_to_add_to_git_after_these_commands():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/my-report/", "/bixie-data/", "/backups/", "/report/", ".venv*/"} <= set(ignored)
