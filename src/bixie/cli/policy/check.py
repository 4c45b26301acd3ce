"""``bixie policy check``: checks policy packs, with file and line of every fault."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_bytes, print_document
from bixie.cli.language import say
from bixie.cli.options import add_json, add_language
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.policies import Pack, PackError

__all__ = ["add", "run_check"]

_DONE = 0
_WRONG_DATA = 1


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    part = commands.add_parser(
        "check",
        language=language,
        help=say("policy.check.summary", language),
        usage="bixie policy check FILE... [--json] [--lang zh|en] | --template",
        description=say("policy.check.description", language),
        epilog=say("policy.check.epilog", language),
    )
    part.add_argument("files", nargs="*", metavar="FILE", help=say("policy.check.files", language))
    part.add_argument("--template", action="store_true", help=say("policy.check.template", language))
    add_json(part, language)
    add_language(part, language)
    part.set_defaults(run=run_check, parser=part)


def run_check(chosen: argparse.Namespace, language: Language) -> int:
    """Check packs, or print Bixie's own as a start; return 1 if one is wrong."""
    from bixie.cases.packs.vocabulary import vocabulary_of_claims  # noqa: PLC0415
    from bixie.policies import PackError, load_pack  # noqa: PLC0415
    from bixie.policies.loading import builtin_texts  # noqa: PLC0415

    if chosen.template:
        print_bytes(builtin_texts()[0])
        return _DONE
    if not chosen.files:
        chosen.parser.error(say("policy.check.no_file", language))
    results: list[dict[str, Any]] = []
    for file in chosen.files:
        try:
            pack = load_pack(file, vocabulary_of_claims())
        except PackError as error:
            results.append(_refused(file, error))
            if not chosen.json:
                print("\n".join(fault.text.in_(language) for fault in error.faults))
        else:
            results.append(_fine(file, pack))
            if not chosen.json:
                print(say("policy.check.fine", language, **results[-1]))
    is_fine = all(one["ok"] for one in results)
    if chosen.json:
        print_document({"schema": "bixie.policy.check/1", "ok": is_fine, "packs": results})
    return _DONE if is_fine else _WRONG_DATA


def _fine(file: str, pack: "Pack") -> dict[str, Any]:
    return {
        "file": file,
        "ok": True,
        "id": pack.id,
        "version": pack.version,
        "state": pack.state,
        "sha256": pack.sha256,
        "rules": len(pack.rules),
        "golden": len(pack.golden),
        "faults": [],
    }


def _refused(file: str, error: "PackError") -> dict[str, Any]:
    return {"file": file, "ok": False, "faults": [fault.to_fault() for fault in error.faults]}
