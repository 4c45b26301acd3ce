"""The commands of docs/how-to/examine-on-record.md, as they stand there."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from bixie.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/examine-on-record.md").read_text(encoding="utf-8")
TOO_LONG = 120


def test_the_commands_of_the_page_lead_to_a_report(tmp_path, monkeypatch, capsys):
    for name in ("BIXIE_DATABASE_URL", "BIXIE_TIMESTAMP_URL", "BIXIE_TIMESTAMP_ROOTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    for name in ("listing.jpg", "claim.jpg"):
        shutil.copy(ROOT / "examples" / name, name)
    shown = re.findall(r"(?m)^bixie (.+)$", "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)))
    listing, claim, worker, jobs, report, saved = map(shlex.split, shown)
    assert main(listing) == 0
    capsys.readouterr()
    assert main([*claim, "--json"]) == 0
    exhibit = json.loads(capsys.readouterr().out)["id"]
    report[report.index("EXHIBIT")] = saved[saved.index("EXHIBIT")] = exhibit
    assert main(report) == 2
    work(worker, jobs, capsys)
    assert main(report) == 0
    printed = capsys.readouterr().out
    document = json.loads(printed)
    assert (document["exhibits"][0]["id"], document["exhibits"][0]["path"]) == (exhibit, "claim.jpg")
    assert document["claim"]["verdict"] == "refuted"
    assert document["known"][0]["kept"]["before_claim"] is True
    assert main(saved) == 0
    folder = Path("report")
    masks = {one["mask"] for one in document["exhibits"][0]["findings"]} - {None}
    files = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    assert files == {"report.json", "index.html", *masks}
    assert (folder / "report.json").read_text(encoding="utf-8") == printed


def work(worker, jobs, capsys):
    capsys.readouterr()
    with subprocess.Popen([sys.executable, "-m", "bixie", *worker]) as process:
        give_up = time.monotonic() + TOO_LONG
        while main(jobs) == 0 and "Nothing is left" not in capsys.readouterr().out:
            assert time.monotonic() < give_up
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(TOO_LONG) == 0
