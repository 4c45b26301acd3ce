"""Writes docs/reference/licences.md: the licence that every locked package states in its own metadata.

Run by ``make licences``, in an environment that holds the development lock.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
USES = {"default": "installed by default", "all": "with an extra", "dev": "for development only"}
ELSEWHERE = {
    "axe-playwright-python": "MIT; holds axe-core, MPL-2.0",
    "colorama": "BSD-3-Clause (Windows only)",
    "pywin32": "PSF (Windows only)",
    "tzdata": "Apache-2.0 (Windows only)",
}
"""Read by hand: packages for another operating system, and those that state their licence in a file only."""
HEADER = """# Licences of the packages that Bixie uses

What each locked package states in its own metadata (`make licences` renews this page; it is not legal
advice). What the binary wheels carry besides is said in [NOTICE](../../NOTICE).

| package | used | licence |
|---|---|---|
"""


def locked(name: str) -> set[str]:
    """Return the names of the packages in ``requirements/<name>.txt``."""
    return set(re.findall(r"(?m)^([a-z0-9-]+)==", (FOLDER / f"{name}.txt").read_text(encoding="utf-8")))


def stated(package: str) -> str:
    """Return the licence that an installed package states, the most exact statement first."""
    if package in ELSEWHERE:
        return ELSEWHERE[package]
    facts = metadata.metadata(package)
    classifiers = [
        line.rsplit(" :: ", 1)[1] for line in facts.get_all("Classifier") or () if "License ::" in line
    ]
    statements = [facts.get_all("License-Expression"), classifiers, facts.get_all("License")]
    return ", ".join(next(statement for statement in statements if statement))


def rows() -> list[str]:
    """Return one table row a package, the default set first."""
    seen: set[str] = set()
    lines = []
    for lock, use in USES.items():
        lines += [f"| {package} | {use} | {stated(package)} |" for package in sorted(locked(lock) - seen)]
        seen |= locked(lock)
    return lines


def main() -> None:
    """Write the page named on the command line."""
    Path(sys.argv[1]).write_text(HEADER + "\n".join(rows()) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
