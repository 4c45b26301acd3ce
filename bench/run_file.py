"""The JSON file that a run leaves: its numbers, and what one needs to know to repeat them."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.datasets import is_complete
from bixie.version import __version__

__all__ = ["command", "commit", "write_run"]

_HERE = Path(__file__).resolve().parent


def command() -> str:
    """Return the command line of this run."""
    return " ".join(["python -m bench", *sys.argv[1:]])


def commit() -> str:
    """Return the commit that is checked out, ``unknown`` outside a repository."""
    words = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        found = subprocess.run(words, cwd=_HERE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def write_run(path: Path | None, part: str, numbers: dict[str, Any]) -> None:
    """Write a run's numbers; nothing where no path is given.

    Parameters
    ----------
    path : Path or None
    part : str
        Name of the part, as on the command line.
    numbers : dict
        JSON types.
    """
    if path is None:
        return
    document = {
        "schema": "bixie.bench/1",
        "part": part,
        "command": command(),
        "version": __version__,
        "commit": commit(),
        "material": "full" if is_complete() else "samples",
        "date": datetime.now(UTC).date().isoformat(),
        **numbers,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
