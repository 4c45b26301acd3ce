"""``bixie doctor``: what is installed, what each extra would add, which limits are in force."""

import argparse
import os
import platform
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import bixie
from bixie.cli.console import print_document
from bixie.cli.installation import command_that_adds
from bixie.cli.language import say
from bixie.cli.ledger.settings import ledger_settings
from bixie.cli.options import add_json, add_language
from bixie.cli.remedy import remedy_settings
from bixie.kit.errors import describe_exception
from bixie.kit.isolation.resources import ALLOWS_MEMORY_LIMIT
from bixie.kit.messages import Language, catalogue
from bixie.version import __version__

__all__ = ["EXTRAS", "PACKAGES", "add", "examination_of_this_machine", "run"]

PACKAGES = (
    "alembic",
    "c2pa-python",
    "cryptography",
    "dbos",
    "fastapi",
    "jinja2",
    "jsonschema",
    "numpy",
    "opencv-python-headless",
    "pi-heif",
    "pillow",
    "prometheus-client",
    "psycopg",
    "python-multipart",
    "pyyaml",
    "rfc3161-client",
    "sqlalchemy",
    "tqdm",
    "uvicorn",
)
"""Packages that every installation has."""

EXTRAS: dict[str, tuple[str, ...]] = {"pdf": ("typst",), "s3": ("obstore",), "video": ("av",)}
"""Packages of each extra, by its name."""

_FINE = 0
_BROKEN = 3


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "doctor",
        language=language,
        help=say("doctor.summary", language),
        usage="bixie doctor [--json] [--lang zh|en]",
        description=say("doctor.description", language),
    )
    add_json(parser, language)
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, language: Language) -> int:
    """Print the installation; return 3 if a package is missing or the examiners cannot be loaded."""
    document = examination_of_this_machine()
    if chosen.json:
        print_document(document)
    else:
        print("\n".join(_lines(document, language)))
    return _BROKEN if document["error"] or None in document["packages"].values() else _FINE


def examination_of_this_machine() -> dict[str, Any]:
    """Return the document that ``bixie doctor --json`` prints."""
    examiners, limits, warnings, error = _working_parts()
    return {
        "schema": "bixie.doctor/1",
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "installed_in": str(Path(bixie.__file__).parent),
        "cores": os.cpu_count(),
        "packages": {name: _version(name) for name in PACKAGES},
        "extras": {
            name: {
                "installed": all(_version(package) for package in packages),
                "packages": {package: _version(package) for package in packages},
                "adds": catalogue("bixie.cli").text(f"doctor.extra.{name}").to_dict(),
            }
            for name, packages in EXTRAS.items()
        },
        "examiners": list(examiners),
        "examiner_names": examiners,
        "limits": limits,
        "limits_memory_of_children": ALLOWS_MEMORY_LIMIT,
        "ledger": None if error else ledger_settings(),
        "remedies": None if error else remedy_settings(),
        "warnings": warnings if error else [*warnings, *_overdue_lists()],
        "error": error,
    }


def _working_parts() -> tuple[dict[str, dict[str, str]], dict[str, int], list[dict[str, str]], str | None]:
    """Try to load what an examination needs; a broken installation is what this command is for."""
    try:
        from bixie.examiners.registry import find_examiners  # noqa: PLC0415
        from bixie.imaging.limits import Limits  # noqa: PLC0415

        found = find_examiners()
        limits = asdict(Limits.from_environment())
    except Exception as error:  # anything may be broken
        return {}, {}, [], describe_exception(error)
    names = {name: one.name.to_dict() for name, one in found.presentations.items()}
    return names, limits, [warning.to_dict() for warning in found.warnings], None


def _overdue_lists() -> list[dict[str, str]]:
    """Return a warning for each trust list that should have been replaced by now."""
    from bixie.examiners.credentials.trust import trust_lists  # noqa: PLC0415
    from bixie.kit.errors import SettingError  # noqa: PLC0415
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415

    try:
        overdue = trust_lists().overdue(utc_now().date())
    except SettingError as error:
        return [error.to_dict()]
    words = catalogue("bixie.examiners.credentials")
    listed = [f"{one.name} ({one.next_update})" for one in overdue]
    return [
        {"code": "credentials.overdue", **words.text("credentials.limits.overdue", lists=one).to_dict()}
        for one in listed
    ]


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _lines(document: dict[str, Any], language: Language) -> list[str]:
    python, system = document["python"], document["platform"]
    lines = [f"bixie {document['version']} · Python {python} · {system}"]
    lines += [say("doctor.installed_in", language, folder=document["installed_in"]), ""]
    lines.append(say("doctor.packages", language))
    missing = say("doctor.missing", language)
    lines += [f"  {name:<24}{version or missing}" for name, version in document["packages"].items()]
    lines += ["", say("doctor.extras", language)]
    lines += [
        f"  {name:<10}{_extra_line(name, extra, language)}" for name, extra in document["extras"].items()
    ]
    lines += ["", say("doctor.examiners", language)]
    lines += [f"  {name:<24}{words[language]}" for name, words in document["examiner_names"].items()]
    if document["error"]:
        lines.append("  " + say("doctor.broken", language, reason=document["error"]))
    lines += ["  " + say("warning", language, message=one[language]) for one in document["warnings"]]
    lines += ["", say("doctor.limits", language)]
    lines += [f"  BIXIE_LIMIT_{name.upper():<18}{value:>14,}" for name, value in document["limits"].items()]
    if not document["limits_memory_of_children"]:
        lines.append("  " + say("warning", language, message=say("doctor.time_only", language)))
    lines += _ledger_lines(document["ledger"], language)
    return lines + _remedy_lines(document["remedies"], language)


def _ledger_lines(ledger: dict[str, Any] | None, language: Language) -> list[str]:
    if ledger is None:
        return []
    none = say("doctor.ledger.none", language)
    file, witnesses = ledger["key"] or none, ", ".join(ledger["witnesses"]) or none
    lines = ["", say("doctor.ledger", language, file=file, witnesses=witnesses)]
    return lines + ["  " + say("warning", language, message=note[language]) for note in ledger["notes"]]


def _remedy_lines(remedies: dict[str, Any] | None, language: Language) -> list[str]:
    if remedies is None:
        return []
    if remedies["error"]:
        reason = say("warning", language, message=remedies["error"][language])
        return ["", say("doctor.remedies", language, gateway="–"), f"  {reason}"]
    return ["", say("doctor.remedies", language, gateway=remedies["gateway"])]


def _extra_line(name: str, extra: dict[str, Any], language: Language) -> str:
    if extra["installed"]:
        state = say("doctor.installed", language)
    else:
        command = command_that_adds(name, tuple(extra["packages"]))
        state = say("doctor.install", language, command=command)
    return say("doctor.extra", language, adds=extra["adds"][language], state=state)
