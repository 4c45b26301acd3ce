"""How a package is added to the environment that this program runs in."""

import sys
from importlib import metadata
from importlib.util import find_spec

from bixie.kit.shell import join_command

__all__ = ["command_that_adds"]

_PROJECT = "bixie"


def command_that_adds(extra: str, packages: tuple[str, ...]) -> str:
    """Return a command that installs what an extra needs beside this installation.

    It names the packages themselves, so it works wherever Bixie came from: a clone, a wheel file, an index.

    Parameters
    ----------
    extra : str
        Its name in ``pyproject.toml``.
    packages : tuple of str
        Names of its packages; installed in any version where the requirements of Bixie are not known.
    """
    needed = _requirements(extra) or packages
    # `uv tool install` makes environments without pip.
    if find_spec("pip") is None:
        return join_command(["uv", "pip", "install", "--python", sys.executable, *needed])
    return join_command([sys.executable, "-m", "pip", "install", *needed])


def _requirements(extra: str) -> tuple[str, ...]:
    try:
        declared = metadata.requires(_PROJECT) or []
    except metadata.PackageNotFoundError:
        return ()
    split = (line.partition(";") for line in declared)
    return tuple(
        requirement.strip()
        for requirement, _, marker in split
        if marker.replace("'", '"').strip() == f'extra == "{extra}"'
    )
