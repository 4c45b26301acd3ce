"""The command ``bixie``: runs a subcommand, turns errors into a sentence and an exit status."""

import os
import sys
from collections.abc import Sequence

from bixie.cli import (
    backup,
    camera,
    doctor,
    examine,
    key,
    label,
    law,
    ledger,
    open,  # noqa: A004 - a command
    openapi,
    order,
    serve,
    tenant,
    vault,
    version,
    work,
    worker,
)
from bixie.cli.console import complain, prepare_console
from bixie.cli.language import choose_language, say
from bixie.cli.parser import BilingualParser
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language
from bixie.version import __version__

__all__ = ["build_parser", "main"]

_COMMANDS = (
    examine,
    open,
    label,
    camera,
    law,
    ledger,
    order,
    vault,
    tenant,
    key,
    serve,
    openapi,
    work,
    worker,
    backup,
    doctor,
    version,
)
_WRONG_USAGE = 2
_INTERRUPTED = 130


def build_parser(language: Language) -> BilingualParser:
    """Return the parser of the whole command line."""
    parser = BilingualParser(
        prog="bixie",
        language=language,
        usage="bixie [-h] [--version] COMMAND ...",
        description=say("main.description", language),
        epilog=say("main.epilog", language),
    )
    parser.add_argument(
        "--version", action="version", version=f"bixie {__version__}", help=say("main.version", language)
    )
    commands = parser.add_subparsers(
        title=say("commands", language), dest="command", metavar="COMMAND", required=True
    )
    for module in _COMMANDS:
        module.add(commands, language)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; those of the process when not given.

    Returns
    -------
    int
        The exit status. Wrong usage that the parser finds raises `SystemExit` with status 2.
    """
    prepare_console()
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = choose_language(words)
    parser = build_parser(language)
    if not words:
        complain(parser.format_help().rstrip())
        return _WRONG_USAGE
    chosen, unknown = parser.parse_known_args(words)
    if unknown:
        chosen.parser.reject_unknown(unknown)
    try:
        status: int = chosen.run(chosen, language)
        sys.stdout.flush()
    except BixieError as error:
        complain(f"bixie: {error.text.in_(language)}")
        return _WRONG_USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader is gone (`| head`); Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
