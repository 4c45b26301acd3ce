"""``bixie letter list|write``: the papers that can be written about a case, filled and ready to sign."""

import argparse
from pathlib import Path
from typing import Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_data, add_json, add_language
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

__all__ = ["add", "run_list", "run_write"]

_DONE = 0
_SIDES = ("buyer", "merchant", "platform")


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    parts = add_group(commands, "letter", language)
    listing = _part(parts, "list", "CASE [--side SIDE]", language)
    writing = _part(parts, "write", "CASE KIND --out FILE [--side SIDE] [--force]", language)
    for part, run in ((listing, run_list), (writing, run_write)):
        part.add_argument("case", metavar="CASE", help=say("letter.case", language))
        part.add_argument(
            "--side", choices=_SIDES, metavar="SIDE", default="merchant", help=say("letter.side", language)
        )
        add_data(part, language)
        add_json(part, language)
        add_language(part, language)
        part.set_defaults(run=run, parser=part)
    writing.add_argument("kind", metavar="KIND", help=say("letter.kind", language))
    writing.add_argument("--out", metavar="FILE", required=True, help=say("letter.out", language))
    writing.add_argument("--force", action="store_true", help=say("letter.force", language))


def run_list(chosen: argparse.Namespace, language: Language) -> int:
    """List the papers of a side."""
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.cases.words import Side  # noqa: PLC0415
    from bixie.dossier.documents.api import PaperOut  # noqa: PLC0415
    from bixie.dossier.documents.service import offered_papers  # noqa: PLC0415

    with opened(chosen.data) as (store, principal, blobs):
        papers = offered_papers(store, principal, blobs, chosen.case, side=Side(chosen.side))
    if chosen.json:
        items = [PaperOut.of(one).model_dump(mode="json") for one in papers]
        print_document({"schema": "bixie.letters/1", "case": chosen.case, "items": items})
        return _DONE
    for one in papers:
        print(f"{one.kind:<18}{one.name.in_(language)}")
        print(f"{'':<18}{one.why.in_(language)}")
        if one.until is not None:
            print(f"{'':<18}{one.until.in_(language)}")
    return _DONE


def run_write(chosen: argparse.Namespace, language: Language) -> int:
    """Write a paper into a file."""
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.cases.words import Side  # noqa: PLC0415
    from bixie.dossier.documents.pdf import as_pdf  # noqa: PLC0415
    from bixie.dossier.documents.rendering import as_html  # noqa: PLC0415
    from bixie.dossier.documents.service import fill_paper  # noqa: PLC0415
    from bixie.dossier.documents.writing import language_for  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415

    out = Path(chosen.out)
    if out.exists() and not chosen.force:
        chosen.parser.error(say("package.build.exists", language, path=out))
    if not out.parent.is_dir():
        chosen.parser.error(say("package.build.no_folder", language, path=out.parent))
    with opened(chosen.data) as (store, principal, blobs):
        sheet = fill_paper(
            store,
            principal,
            blobs,
            chosen.case,
            chosen.kind,
            side=Side(chosen.side),
            language=language_for(chosen.kind, language),
        )
    pdf = out.suffix.lower() == ".pdf"
    out.write_bytes(as_pdf(sheet, utc_now()) if pdf else as_html(sheet).encode())
    if chosen.json:
        said = {"case": chosen.case, "kind": chosen.kind, "file": str(out)}
        print_document({"schema": "bixie.letter-written/1", **said})
    else:
        print(say("letter.written", language, path=out))
    return _DONE


def _part(parts: Any, name: str, usage: str, language: Language) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(
        name,
        language=language,
        help=say(f"letter.{name}.summary", language),
        usage=f"bixie letter {name} {usage} [--data DIR] [--json] [--lang zh|en]",
        description=say(f"letter.{name}.description", language),
        epilog=say("letter.epilog", language),
    )
    return part
