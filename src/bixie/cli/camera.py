"""``bixie camera families``: prints quantisation-table families of files from a camera as a family file."""

import argparse
from datetime import UTC, datetime
from typing import Any

from bixie.cli.console import complain, print_bytes
from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

__all__ = ["add", "run_families"]

_DONE = 0
_SOME_UNREADABLE = 3


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommand to the parser's `commands`."""
    parts = add_group(commands, "camera", language)
    families = parts.add_parser(
        "families",
        language=language,
        help=say("camera.families.summary", language),
        usage="bixie camera families FILE... [--lang zh|en]",
        description=say("camera.families.description", language),
        epilog=say("camera.families.epilog", language),
    )
    families.add_argument("files", nargs="+", metavar="FILE", help=say("camera.families.file", language))
    add_language(families, language)
    families.set_defaults(run=run_families, parser=families)


def run_families(chosen: argparse.Namespace, language: Language) -> int:
    """Print the family file; a file that cannot be read is reported and the rest is used."""
    from bixie.examiners.camera.families import families_in, to_toml  # noqa: PLC0415
    from bixie.imaging.limits import Limits  # noqa: PLC0415

    found = families_in(chosen.files, Limits.from_environment())
    for path, error in found.errors.items():
        complain(f"bixie: {path}: {error.text.in_(language)}")
    for path in found.without_family:
        complain(say("warning", language, message=say("camera.families.none", language, path=path)))
    print_bytes(to_toml(found.seen, datetime.now(UTC).date().isoformat()).encode())
    return _SOME_UNREADABLE if found.errors else _DONE
