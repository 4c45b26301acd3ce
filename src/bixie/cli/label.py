"""``bixie label check`` and ``bixie label compare``: reads the marks of files and compares two versions."""

import argparse
from pathlib import Path
from typing import Any

from bixie.cli.console import complain, print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

__all__ = ["add", "run_check", "run_compare"]

_DONE = 0
_SOME_UNREADABLE = 3


def add(commands: Any, language: Language) -> None:
    """Add the command and its two subcommands to the parser's `commands`."""
    parts = add_group(commands, "label", language)
    check = _part(parts, "check", "FILE... [--json] [--lang zh|en]", language)
    check.add_argument("files", nargs="+", metavar="FILE", help=say("label.check.file", language))
    compare = _part(parts, "compare", "BEFORE AFTER [--json] [--lang zh|en]", language)
    compare.add_argument("before", metavar="BEFORE", help=say("label.compare.before", language))
    compare.add_argument("after", metavar="AFTER", help=say("label.compare.after", language))
    for part, run in ((check, run_check), (compare, run_compare)):
        add_json(part, language)
        add_language(part, language)
        part.set_defaults(run=run, parser=part)


def run_check(chosen: argparse.Namespace, language: Language) -> int:
    """Print each file's label and its grade."""
    from bixie.examiners.files import check_paths  # noqa: PLC0415
    from bixie.examiners.label.check import check_document, check_file  # noqa: PLC0415
    from bixie.examiners.label.producer import register  # noqa: PLC0415
    from bixie.imaging.limits import Limits  # noqa: PLC0415

    check_paths(chosen.files)
    limits, known = Limits.from_environment(), register()
    files = [check_file(path, limits, known) for path in _expanded(chosen.files, limits)]
    if chosen.json:
        _print_document(check_document(files))
    else:
        print("\n\n".join("\n".join(_check_lines(one, language)) for one in files))
    return _SOME_UNREADABLE if any(one["error"] for one in files) else _DONE


def run_compare(chosen: argparse.Namespace, language: Language) -> int:
    """Print what became of each mark."""
    from bixie.examiners.files import check_paths  # noqa: PLC0415
    from bixie.examiners.label.compare import compare_document, compare_files, pair_up  # noqa: PLC0415
    from bixie.examiners.label.producer import register  # noqa: PLC0415
    from bixie.imaging.errors import ImagingError  # noqa: PLC0415
    from bixie.imaging.limits import Limits  # noqa: PLC0415

    check_paths((chosen.before, chosen.after))
    if Path(chosen.before).is_dir() != Path(chosen.after).is_dir():
        chosen.parser.error(say("label.compare.mixed", language))
    limits, known = Limits.from_environment(), register()
    try:
        pairs, unmatched = pair_up(chosen.before, chosen.after, limits)
    except ImagingError as error:
        complain(f"bixie: {error.text.in_(language)}")
        return _SOME_UNREADABLE
    document = compare_document([compare_files(*pair, limits, known) for pair in pairs], unmatched)
    if chosen.json:
        _print_document(document)
    else:
        print("\n".join(_compare_lines(document, language)))
    errors = [error for pair in document["pairs"] for error in pair["error"].values()]
    return _SOME_UNREADABLE if any(errors) else _DONE


def _part(parts: Any, name: str, rest: str, language: Language) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = parts.add_parser(
        name,
        language=language,
        help=say(f"label.{name}.summary", language),
        usage=f"bixie label {name} {rest}",
        description=say(f"label.{name}.description", language),
        epilog=say(f"label.{name}.epilog", language),
    )
    return part


def _expanded(paths: list[str], limits: Any) -> list[str]:
    """Return the files to check; a path that cannot be listed stays, and checking it reports why."""
    from bixie.examiners.files import expand  # noqa: PLC0415
    from bixie.imaging.errors import ImagingError  # noqa: PLC0415

    files: list[str] = []
    for path in paths:
        try:
            files += expand(path, limits)
        except ImagingError:
            files.append(path)
    return files


def _print_document(document: dict[str, Any]) -> None:
    print_document(document)


def _check_lines(one: dict[str, Any], language: Language) -> list[str]:
    if one["error"]:
        return [f"[{say('label.unreadable', language)}] {one['path']}", f"  {one['error'][language]}"]
    lines = [f"[{say('label.result.' + one['result'], language)}] {one['path']}"]
    lines.append(f"  {one['explain'][language]}")
    lines += [f"  {say('warning', language, message=note[language])}" for note in one["warnings"]]
    for finding in one["findings"]:
        lines.append(f"  - {finding['explain'][language]} ({finding['code']})")
    limits = dict.fromkeys(finding["limits"][language] for finding in one["findings"])
    return [*lines, *(f"    {sentence}" for sentence in limits)]


def _compare_lines(document: dict[str, Any], language: Language) -> list[str]:
    lines: list[str] = []
    for pair in document["pairs"]:
        lines.append(f"{pair['before']} -> {pair['after']}")
        lines += [f"  {error[language]}" for error in pair["error"].values() if error]
        lines += [f"  {row['explain'][language]}{_move(row)}" for row in pair["marks"]]
        if not pair["marks"] and not any(pair["error"].values()):
            lines.append(f"  {say('label.compare.none', language)}")
    for side, paths in document["unmatched"].items():
        lines += [say(f"label.compare.unmatched.{side}", language, path=path) for path in paths]
    return lines


def _move(row: dict[str, Any]) -> str:
    old, new = (
        ", ".join(dict.fromkeys(place["carrier"] for place in side["places"])) if side else ""
        for side in (row["before"], row["after"])
    )
    if not old or not new:
        return f" [{old or new}]" if old or new else ""
    return f" [{old}]" if old == new else f" [{old} -> {new}]"
