"""The part ``results``: the tables of runs, kept as small JSON files, and the page that is made of them.

``python -m bench results FILE...`` takes the JSON files that runs left, keeps the tables of each part in
``bench/results/PART.json`` and writes ``bench/RESULTS.md`` from everything that is kept there.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import answer, credentials, direction, law, ledger, package, speed
from bench.gate import SUBJECT
from bench.labels import measure
from bench.load import backup_kills, case_lists, duties, lists, pages, service, viewer, work
from bench.markdown import Table
from bench.running import Outcome
from bench.tables import sections
from bench.tamper import part as tamper

__all__ = ["KEPT", "PAGE", "add_arguments", "keep", "page", "results"]

_HERE = Path(__file__).resolve().parent
_CACHE = _HERE / "cache"
KEPT = _HERE / "results"
PAGE = _HERE / "RESULTS.md"
_HEAD = (
    "# What was measured\n\n"
    "Written by `python -m bench results`: every part carries the command that repeats it.\n"
    "[README.md](README.md) says what the rows mean and what they do not show. Counts stand beside rates,\n"
    "with exact (Clopper-Pearson) 95 % bounds. Seconds depend on the machine.\n"
)


def _derivation(document: dict[str, Any]) -> list[Table]:
    outcomes = [Outcome.from_dict(one) for one in document["cases"]]
    return sections(outcomes, list(document["summary"]))


def _numbers(tables: Callable[[dict[str, Any]], list[Table]]) -> Callable[[dict[str, Any]], list[Table]]:
    return lambda document: tables(document["numbers"])


PARTS: dict[str, tuple[str, Callable[[dict[str, Any]], list[Table]]]] = {
    "derivation": ("Derivation", _derivation),
    "direction": ("Direction: which picture is older", _numbers(direction.tables)),
    "baselines": ("Derivation: the baselines on the same files", _derivation),
    "labels": ("AI labels and other marks", measure.tables),
    "credentials": ("Content Credentials and camera notes", _numbers(credentials.tables)),
    "speed": ("Speed", _numbers(speed.tables)),
    "answer": ("Answer of the drop page", _numbers(answer.tables)),
    "law": ("The law", _numbers(law.tables)),
    "ledger": ("The ledger", _numbers(ledger.tables)),
    "tamper": ("Tampering with a store", _numbers(tamper.tables)),
    "package": ("Evidence packages", _numbers(package.tables)),
    "work": ("Jobs under kills", _numbers(work.tables)),
    "service": ("The service", _numbers(service.tables)),
    "lists": ("Long lists", _numbers(lists.tables)),
    "duties": ("Duties that are due at once", _numbers(duties.tables)),
    "cases": ("Cases: claims under kills, and lists", _numbers(case_lists.tables)),
    "pages": ("Pages with many cases", _numbers(pages.tables)),
    "viewer": ("Pictures in the viewer", _numbers(viewer.tables)),
    "backup": ("Backups and restores under kills", _numbers(backup_kills.tables)),
}
"""Each part's heading, and how its tables are made of what a run wrote. False accusations come first."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``results``."""
    parser.add_argument(
        "runs", nargs="*", type=Path, metavar="FILE", help="what runs wrote (default: all in bench/cache)"
    )


def results(options: argparse.Namespace) -> int:
    """Keep the tables of the runs and write the page; 2 where a file is no run."""
    for path in options.runs or sorted(_CACHE.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        part = _part(document)
        if part is None:
            print(f"{path} is no run of {', '.join(PARTS)}", file=sys.stderr)
            if options.runs:
                return 2
            continue
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
        keep(part, {"date": written, **document}, KEPT)
    PAGE.write_text(page(KEPT), encoding="utf-8")
    return 0


def _part(document: Any) -> str | None:
    if not isinstance(document, dict):
        return None
    if "cases" in document:
        return "derivation" if SUBJECT in document["summary"] else "baselines"
    part = document.get("part")
    return part if part in PARTS else None


def keep(part: str, document: dict[str, Any], folder: Path) -> None:
    """Write the tables of a run into `folder`, with what one needs to know to repeat it."""
    known = {key: document[key] for key in ("command", "version", "commit", "material", "date")}
    known["command"] = re.sub(r" --json \S+", "", known["command"])  # where the run's file lay helps nobody
    tables = [asdict(one) for one in PARTS[part][1](document)]
    folder.mkdir(exist_ok=True)
    text = json.dumps({"part": part, **known, "tables": tables}, indent=1, ensure_ascii=False)
    (folder / f"{part}.json").write_text(text + "\n", encoding="utf-8")


def page(folder: Path) -> str:
    """Return the page of all tables that are kept in `folder`."""
    parts = [_HEAD]
    for part, (title, _) in PARTS.items():
        path = folder / f"{part}.json"
        if path.exists():
            parts.append(_section(title, json.loads(path.read_text(encoding="utf-8"))))
    return "\n".join(parts)


def _section(title: str, kept: dict[str, Any]) -> str:
    repeat = (
        f"`{kept['command']}` · version {kept['version']}, commit {kept['commit']} · {kept['material']} "
        f"material · {kept['date']}"
    )
    tables: Sequence[str] = [Table(**one).text() for one in kept["tables"]]
    return "\n\n".join([f"## {title}", repeat, *tables]) + "\n"
