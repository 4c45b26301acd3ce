"""The commands of docs/how-to/files-in-s3.md, as they stand there, with another service's address."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from tests.integration.object_store import names

from bixie.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/files-in-s3.md").read_text(encoding="utf-8")


@pytest.fixture
def lines():
    return "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).splitlines()


def test_the_commands_of_the_page_keep_a_file_and_move_a_store(lines, s3, tmp_path, monkeypatch, capsys):
    bucket = s3.bucket()
    for name in ("BIXIE_DATABASE_URL", "BIXIE_TIMESTAMP_URL", "BIXIE_TIMESTAMP_ROOTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/claim.jpg", "packing.jpg")
    monkeypatch.delenv("BIXIE_BLOBS_URL", raising=False)
    assert main(["vault", "keep", "packing.jpg", "--order", "1", "--data", "old-evidence", "--new"]) == 0
    ran = []
    for line in lines:
        program, *words = shlex.split(line.replace("shop-evidence", bucket))
        ran.append(program if program != "bixie" else words[0])
        if program == "export":
            name, _, value = words[0].partition("=")
            monkeypatch.setenv(name, s3.url if name == "AWS_ENDPOINT_URL" else value)
        elif program == "unset":
            monkeypatch.delenv(words[0])
        elif program == "bixie":
            assert main([*words, "--lang", "en"]) == 0
    assert ran == ["pip", *5 * ["export"], "vault", "unset", "backup", "export", "restore", "ledger"]
    assert "1 files are restored" in capsys.readouterr().out
    kept = names(s3.inside(bucket))
    assert [name.split("/")[0] for name in kept] == ["bixie", "moved"]
