"""Reads packs: Bixie's own, and files. A refused pack names all its faults, with file and line."""

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bixie.kit.reasons import plain_reason
from bixie.kit.sanitise import sanitise
from bixie.kit.validation import Fault, dotted, fault_of
from bixie.law.errors import CatalogueError
from bixie.law.loading import catalogue_of_law
from bixie.law.yaml_lines import line_of, parse_yaml, plain
from bixie.policies.checking import Vocabulary, faults_of_pack
from bixie.policies.errors import PackError, PolicyError
from bixie.policies.pack import Pack

__all__ = [
    "MAX_PACK_BYTES",
    "builtin_packs",
    "builtin_texts",
    "check_pack",
    "load_pack",
    "parse_pack",
    "read_pack",
]

MAX_PACK_BYTES = 128 * 1024
_MAX_FAULTS = 200
"""Named at once, at most."""
_CODES = {
    "extra_forbidden": "policy.unknown_key",
    "missing": "policy.missing",
    "model_type": "policy.not_an_object",
    "dict_type": "policy.not_an_object",
    "list_type": "policy.not_a_list",
    "tuple_type": "policy.not_a_list",
    "greater_than_equal": "policy.too_small",
    "less_than_equal": "policy.too_big",
}
_ANY = Vocabulary()


def load_pack(path: str | Path, vocabulary: Vocabulary = _ANY) -> Pack:
    """Read a pack from a file and check it.

    Parameters
    ----------
    path : str or path
    vocabulary : Vocabulary
        The words that the pack may use; any by default.

    Raises
    ------
    PackError
        Naming all faults, with file and line: those of `check_pack`, or ``policy.unreadable``.
    """
    return check_pack(_read(path), Path(path).name, vocabulary)


def read_pack(path: str | Path) -> Pack:
    """Read a pack from a file without checking more than its shape, as replaying and trying it ask for.

    Raises
    ------
    PackError
        ``policy.unreadable``, or what `parse_pack` raises.
    """
    return parse_pack(_read(path), Path(path).name)


def check_pack(data: bytes, file: str, vocabulary: Vocabulary = _ANY) -> Pack:
    """Return the pack that a document describes, checked against itself and the law catalogue.

    Parameters
    ----------
    data : bytes
        YAML or JSON, at most `MAX_PACK_BYTES`.
    file : str
        What faults call it.
    vocabulary : Vocabulary

    Raises
    ------
    PackError
        What `parse_pack` raises, or everything that `bixie.policies.checking` finds.
    """
    document = _document(data, file)
    pack = _parsed(document, file)
    faults = [
        _error(fault.code, fault.path, fault.values, document, file)
        for fault in faults_of_pack(pack, catalogue_of_law(), vocabulary)
    ]
    if faults:
        raise PackError(file, sorted(faults, key=lambda fault: fault.line))
    return pack


@cache
def builtin_packs() -> tuple[Pack, ...]:
    """Return the packs that Bixie comes with, the default first. Its tests check them in full."""
    return tuple(parse_pack(text, "bixie.policies") for text in builtin_texts())


def builtin_texts() -> tuple[bytes, ...]:
    """Return the files of `builtin_packs`."""
    folder = resources.files("bixie.policies").joinpath("packs")
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return tuple(one.read_bytes() for one in files)


def parse_pack(data: bytes, file: str) -> Pack:
    """Return the pack that a document describes, its shape checked.

    Parameters
    ----------
    data : bytes
        YAML or JSON, at most `MAX_PACK_BYTES`.
    file : str
        What faults call it.

    Raises
    ------
    PackError
        ``policy.too_large``, ``policy.not_yaml``, or everything that the shape refuses.
    """
    return _parsed(_document(data, file), file)


def _parsed(document: Any, file: str) -> Pack:
    try:
        return Pack.model_validate(plain(document))
    except ValidationError as error:
        raise PackError(file, _faults(error, document, file)) from error


def _read(path: str | Path) -> bytes:
    file = Path(path)
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_PACK_BYTES + 1)
    except (OSError, ValueError) as error:
        fault = PolicyError("policy.unreadable", file=file.name, line=0, reason=plain_reason(error))
        raise PackError(file.name, [fault]) from error


def _document(data: bytes, file: str) -> Any:
    if len(data) > MAX_PACK_BYTES:
        raise PackError(file, [PolicyError("policy.too_large", file=file, line=0, limit=MAX_PACK_BYTES)])
    try:
        return parse_yaml(data.decode(), file)
    except UnicodeDecodeError as error:
        fault = PolicyError("policy.not_yaml", file=file, line=0, reason=plain_reason(error))
        raise PackError(file, [fault]) from error
    except CatalogueError as error:
        raise PackError(file, [PolicyError("policy.not_yaml", **error.values)]) from error


def _faults(error: ValidationError, document: Any, file: str) -> list[PolicyError]:
    listed = error.errors(include_url=False, include_input=False)[:_MAX_FAULTS]
    faults = [_fault(details, document, file) for details in listed]
    return sorted(faults, key=lambda fault: fault.line)


def _fault(details: Any, document: Any, file: str) -> PolicyError:
    known = "." in details["type"] or details["type"] in _CODES
    fault = (
        fault_of(details, _CODES)
        if known
        else Fault("policy.not_as_described", details["loc"], {"reason": details["msg"][:300]})
    )
    return _error(fault.code, list(fault.location), dict(fault.values), document, file)


def _error(code: str, path: list[str | int], values: dict[str, Any], document: Any, file: str) -> PolicyError:
    shown = {name: sanitise(one) if isinstance(one, str) else one for name, one in values.items()}
    at = sanitise(dotted(tuple(path)))
    return PolicyError(code, file=file, line=line_of(document, path), at=at or ".", **shown)
