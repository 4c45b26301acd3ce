"""The command ``bixie``: runs a subcommand, turns errors into a sentence and an exit status."""

import errno
import sys
from collections.abc import Sequence

from bixie.cli import (
    address,
    audit,
    backup,
    camera,
    case,
    demo,
    doctor,
    examine,
    help,  # noqa: A004 - a command
    key,
    label,
    law,
    ledger,
    letter,
    open,  # noqa: A004 - a command
    openapi,
    order,
    package,
    person,
    policy,
    remedy,
    serve,
    tenant,
    vault,
    version,
    work,
    worker,
)
from bixie.cli.console import complain, drop_output, prepare_console
from bixie.cli.language import choose_language, say
from bixie.cli.options import add_language
from bixie.cli.parser import BilingualParser
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language
from bixie.kit.reasons import plain_reason
from bixie.version import __version__

__all__ = ["build_parser", "main"]

_COMMANDS = (
    examine,
    open,
    demo,
    label,
    camera,
    law,
    policy,
    ledger,
    order,
    vault,
    case,
    remedy,
    package,
    letter,
    address,
    tenant,
    person,
    key,
    audit,
    serve,
    openapi,
    work,
    worker,
    backup,
    doctor,
    version,
    help,
)
_FAILED = 1
_WRONG_USAGE = 2
_INTERRUPTED = 130
_DISK = (errno.ENOSPC, errno.EIO)
"""What goes wrong with a disk, of which every command may write to one."""


def build_parser(language: Language) -> BilingualParser:
    """Return the parser of the whole command line."""
    parser = BilingualParser(
        prog="bixie",
        language=language,
        usage="bixie COMMAND ... [--version] [--lang zh|en]",
        description=say("main.description", language),
        epilog=say("main.epilog", language),
    )
    parser.add_argument(
        "--version", action="version", version=f"bixie {__version__}", help=say("main.version", language)
    )
    add_language(parser, language)
    # A command leaves out what stands before it.
    parser.set_defaults(lang=None, root=parser)
    commands = parser.add_commands()
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
    chosen, unknown = parser.parse_known_args(words)
    if unknown:
        chosen.parser.reject_unknown(unknown, words)
    try:
        status: int = chosen.run(chosen, language)
        sys.stdout.flush()
    except BixieError as error:
        complain(f"bixie: {error.text.in_(language)}")
        return _WRONG_USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # the reader is gone (`| head`)
        drop_output()
        return 0
    except OSError as error:
        if error.errno not in _DISK:
            raise
        drop_output()
        complain(f"bixie: {plain_reason(error).in_(language)}")
        return _FAILED
    return status


if __name__ == "__main__":
    sys.exit(main())
