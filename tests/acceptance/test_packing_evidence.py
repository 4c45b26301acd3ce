"""The commands of docs/how-to/packing-evidence.md and of README, as they stand there."""

import os
import re
import shlex
import shutil
from pathlib import Path

from bixie.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/packing-evidence.md").read_text(encoding="utf-8")


def test_the_commands_of_the_page_keep_a_file_and_verify_the_ledger(tmp_path, monkeypatch, capsys):
    for name in ("BIXIE_DATABASE_URL", "BIXIE_BLOBS_URL", "BIXIE_TIMESTAMP_URL", "BIXIE_TIMESTAMP_ROOTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/claim.jpg", "packing.jpg")
    commands = re.findall(r"(?m)^bixie (.+)$", "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)))
    expected = [["vault", "keep"], ["vault", "list"], ["ledger", "verify"]]
    assert [command.split()[:2] for command in commands] == expected
    for command in commands:
        assert main([*shlex.split(command), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "Kept for order 4012345678901234567: packing.jpg" in shown
    assert "The ledger holds: 4 events" in shown


def test_the_commands_of_the_readme_work_on_the_samples(tmp_path, monkeypatch, capsys):
    for name in [name for name in os.environ if name.startswith("BIXIE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = (one for one in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if "bixie vault keep" in one)
    commands = [shlex.split(line, comments=True)[1:] for line in block.splitlines()]
    assert {command[0]: main([*command, "--lang", "en"]) for command in commands} == {
        command[0]: 0 for command in commands
    }
    assert f"store   {tmp_path / 'bixie-data'}" in capsys.readouterr().out
