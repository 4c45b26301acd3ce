"""The commands of docs/how-to/packing-evidence.md, as they stand there."""

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
    assert [command.split()[:2] for command in commands] == [["vault", "keep"], ["ledger", "verify"]]
    for command in commands:
        assert main([*shlex.split(command), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "Kept for order 4012345678901234567: packing.jpg" in shown
    assert "The ledger holds: 3 events" in shown
