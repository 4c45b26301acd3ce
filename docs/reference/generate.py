"""Write the page of the command line from its own help: `python docs/reference/generate.py`."""

from pathlib import Path
from typing import TYPE_CHECKING

from bixie.cli.main import build_parser
from bixie.cli.parser import BilingualParser

if TYPE_CHECKING:
    from bixie.kit.messages import Language

PAGE = Path(__file__).with_name("command-line.md")
COMMANDS = (
    "examine",
    "open",
    "label check",
    "label compare",
    "camera families",
    "law assess",
    "law show",
    "law check",
    "ledger verify",
    "order import",
    "vault keep",
    "vault list",
    "vault send",
    "backup",
    "restore",
    "tenant add",
    "tenant list",
    "key add",
    "key list",
    "serve",
    "openapi",
    "vault report",
    "vault hold",
    "vault release",
    "vault erase",
    "vault retention",
    "vault expire",
    "work list",
    "work retry",
    "worker",
    "doctor",
    "version",
    "help",
)
REQUIRED = {
    "examine": ["PHOTO"],
    "label check": ["FILE"],
    "label compare": ["BEFORE", "AFTER"],
    "camera families": ["FILE"],
    "law assess": ["FACTS.json"],
    "order import": ["FILE"],
    "backup": ["TO"],
    "restore": ["FROM"],
    "tenant add": ["NAME", "--kind", "merchant"],
    "key add": ["--tenant", "ID", "--role", "clerk"],
    "vault report": ["ID"],
    "work retry": ["ID"],
    "vault send": ["FILE", "--order", "ID", "--to", "URL"],
    "vault hold": ["EXHIBIT", "--reason", "TEXT"],
    "vault release": ["HOLD"],
    "vault erase": ["EXHIBIT", "--reason", "request"],
    "vault keep": ["FILE", "--order", "ID"],
}
HEADING = """# The command line

What `bixie --help` and `bixie COMMAND --help` say, in both languages; `--lang` chooses one, otherwise that
of the system. This page is written by `python docs/reference/generate.py`; a test holds it to the program.

What the report says is on [its own page](report.md), `order.json` on [another](order.md), the limits for
files on [a third](limits.md).
"""


def text_of(parser: BilingualParser, command: str | None) -> str:
    """Return the help of `command`, or of the whole."""
    if command is None:
        return parser.format_help()
    chosen: BilingualParser = parser.parse_args([*command.split(), *REQUIRED.get(command, [])]).parser
    return chosen.format_help()


def page() -> str:
    """Return the page."""
    languages: tuple[Language, ...] = ("en", "zh")
    parts = [HEADING]
    for command in (None, *COMMANDS):
        parts.append(f"\n## bixie{f' {command}' if command else ''}\n")
        parts += [
            f"\n```text\n{text_of(build_parser(language), command).rstrip()}\n```\n" for language in languages
        ]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
