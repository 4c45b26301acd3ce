"""No command answers a missing, empty or foreign file in the words of the system or of a parser."""

import itertools
import re

import pytest
from tests.sweeps import by_repr, check_each

from bixie.cli.main import main

FOREIGN = re.compile(r"Errno|codec|Expecting|Traceback|Error\b|\[Errno|unable to open|file is not a database")
"""Words of Python, of its parsers and of SQLite."""

COMMANDS = (
    "examine {}",
    "examine {photo} --known {}",
    "examine {photo} --order {}",
    "examine {photo} --report {}",
    "label check {}",
    "label compare {} {photo}",
    "camera families {}",
    "law assess {}",
    "law check {}",
    "policy check {}",
    "policy replay {}",
    "policy backtest {} {photo}",
    "order import {} --data {store}",
    "order import {} --dry-run --data {store}",
    "vault keep {} --order 1 --data {store}",
    "vault report id --data {}",
    "ledger verify --data {}",
    "work list --data {}",
    "backup {store} --data {}",
    "restore {} --data {store}",
    "key add --tenant t --role clerk --data {}",
)


@pytest.fixture
def files(tmp_path):
    """Each kind of bad file, by its name; ``store`` is a folder whose database is none."""
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00" * 40)
    (tmp_path / "text").write_text('{"a": [1,\n', encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "bixie.sqlite3").write_bytes(b"no database" * 100)
    return {name: tmp_path / name for name in ("empty", "binary", "text", "folder", "broken", "missing")}


def test_bad_files_are_answered_in_the_words_of_the_language(files, tmp_path, capsys, monkeypatch):
    for name in ("BIXIE_DATA", "BIXIE_DATABASE_URL", "BIXIE_BLOBS_URL"):
        monkeypatch.delenv(name, raising=False)
    photo = files["text"]

    def answered(case):
        command, kind, language = case
        words = [word.format(files[kind], photo=photo, store=tmp_path / "store") for word in command.split()]
        try:
            status = main([*words, "--lang", language])
        except SystemExit as end:
            status = end.code
        shown = capsys.readouterr()
        said = shown.out + shown.err
        assert status in (0, 1, 2, 3), status
        assert said.strip()
        assert not FOREIGN.search(said), said
        if language == "zh":
            assert re.search("[\u4e00-\u9fff]", said), said

    cases = [(command, kind, "zh") for command, kind in itertools.product(COMMANDS, files)]
    cases += [(command, "text", "en") for command in COMMANDS]
    check_each(by_repr(cases), answered)
