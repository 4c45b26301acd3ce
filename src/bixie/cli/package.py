"""``bixie package build|verify``: the evidence of a case in one file that anyone can check offline."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.options import add_data, add_json, add_language, public_key
from bixie.cli.parser import add_group
from bixie.kit.messages import Language
from bixie.kit.progress import progress_bar

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from bixie.dossier.verification import Check

__all__ = ["add", "run_build", "run_verify"]

_DONE, _FAULT = 0, 1


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    parts = add_group(commands, "package", language)
    build = _part(parts, "build", "CASE --out FILE.zip [--force] [--data DIR]", language)
    build.add_argument("case", metavar="CASE", help=say("package.build.case", language))
    build.add_argument("--out", metavar="FILE", required=True, help=say("package.build.out", language))
    build.add_argument("--force", action="store_true", help=say("package.build.force", language))
    add_data(build, language)
    verify = _part(parts, "verify", "FILE.zip [--roots PEM] [--key PUBLIC]...", language)
    verify.add_argument("file", metavar="FILE", help=say("package.verify.file", language))
    verify.add_argument("--roots", metavar="PEM", help=say("package.verify.roots", language))
    key = say("package.verify.key", language)
    verify.add_argument("--key", action="append", metavar="PUBLIC", default=[], help=key)
    for part, run in ((build, run_build), (verify, run_verify)):
        add_json(part, language)
        add_language(part, language)
        part.set_defaults(run=run, parser=part)


def run_build(chosen: argparse.Namespace, language: Language) -> int:
    """Write the package of a case; the ledger records it."""
    from bixie.assembly.stores import opened  # noqa: PLC0415
    from bixie.dossier.building import build_package  # noqa: PLC0415
    from bixie.ledger.timestamps import named_authorities  # noqa: PLC0415

    out = Path(chosen.out)
    if out.exists() and not chosen.force:
        chosen.parser.error(say("package.build.exists", language, path=out))
    if not out.parent.is_dir():
        chosen.parser.error(say("package.build.no_folder", language, path=out.parent))
    authorities = named_authorities()
    progress = progress_bar(say("package.build.progress", language))
    with opened(chosen.data) as (store, principal, blobs), _replacing(out) as file, progress as report:
        built = build_package(
            store, principal, blobs, chosen.case, file, authorities=authorities, progress=report
        )
    count = len(built.manifest.files)
    if chosen.json:
        said = {"case": chosen.case, "file": str(out), "files": count, "bytes": out.stat().st_size}
        print_document({"schema": "bixie.package-built/1", **said, "unstamped": list(built.unstamped)})
        return _DONE
    print(say("package.build.done", language, path=out, count=count))
    for url in built.unstamped:
        print(say("package.build.unstamped", language, url=url))
    if not authorities:
        print(say("package.build.no_authority", language))
    return _DONE


def run_verify(chosen: argparse.Namespace, language: Language) -> int:
    """Print one line a check."""
    from bixie.dossier.verification import Trusted, verify_package  # noqa: PLC0415
    from bixie.ledger.timestamps import ROOTS, trusted_roots  # noqa: PLC0415

    file = Path(chosen.file)
    if not file.is_file():
        chosen.parser.error(say("package.verify.no_file", language, path=file))
    roots: tuple[Certificate, ...] = trusted_roots({ROOTS: chosen.roots} if chosen.roots else None)
    trusted = Trusted(roots, tuple(public_key(one) for one in chosen.key))
    with progress_bar(say("package.verify.progress", language)) as report:
        found = verify_package(file, trusted, report)
    if chosen.json:
        print_document({**found.to_dict(), "file": str(file)})
    else:
        print("\n".join(_line(one, language) for one in found.checks))
        print(say(f"package.verify.{'holds' if found.ok else 'fails'}", language))
    return _DONE if found.ok else _FAULT


def _line(check: "Check", language: Language) -> str:
    state = say(f"package.verify.state.{check.state}", language)
    where = f" [{check.where}]" if check.where else ""
    return f"{state}  {check.name}: {check.text.in_(language)}{where}"


@contextmanager
def _replacing(out: Path) -> Iterator[BinaryIO]:
    """Yield a file beside `out` that takes its name once it is whole."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _part(parts: Any, name: str, usage: str, language: Language) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(
        name,
        language=language,
        help=say(f"package.{name}.summary", language),
        usage=f"bixie package {name} {usage} [--json] [--lang zh|en]",
        description=say(f"package.{name}.description", language),
        epilog=say(f"package.{name}.epilog", language),
    )
    return part
