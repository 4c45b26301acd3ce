"""Loads the options of claims from YAML: checks the types, then the whole; a fault has its file and line."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from bixie.cases.claims.contradictions import contradictions
from bixie.cases.claims.errors import OptionsError
from bixie.cases.claims.options import ClaimOptions
from bixie.kit.validation import dotted
from bixie.law.errors import CatalogueError
from bixie.law.yaml_lines import line_of, parse_yaml, plain

__all__ = ["claim_options", "load_options"]

_MAX_FILE = 1024 * 1024
_MAX_REASON = 300


@cache
def claim_options() -> ClaimOptions:
    """Return the options that Bixie comes with, read once."""
    return load_options(resources.files("bixie.cases.claims").joinpath("options.yaml"))


def load_options(file: Traversable) -> ClaimOptions:
    """Read and check a file of options.

    Parameters
    ----------
    file : Traversable
        A `pathlib.Path`, for example.

    Raises
    ------
    OptionsError
        ``values`` has ``file`` and ``line``. ``claims.options_too_large``, ``claims.options_not_yaml``,
        ``claims.options_malformed``, or a contradiction: see `contradictions`.
    """
    document = _parsed(file)
    try:
        options = ClaimOptions.model_validate(plain(document))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise OptionsError(
            "claims.options_malformed",
            file=file.name,
            line=line_of(document, list(first["loc"])),
            at=dotted(first["loc"]) or ".",
            reason=first["msg"][:_MAX_REASON],
        ) from error
    fault = next(contradictions(options), None)
    if fault is not None:
        line = line_of(document, list(fault.location))
        raise OptionsError(fault.code, file=file.name, line=line, at=dotted(fault.location), **fault.values)
    return options


def _parsed(file: Traversable) -> Any:
    data = file.read_bytes()
    if len(data) > _MAX_FILE:
        raise OptionsError("claims.options_too_large", file=file.name, line=0, limit=_MAX_FILE)
    try:
        return parse_yaml(data.decode("utf-8"), file.name)
    except (CatalogueError, UnicodeDecodeError) as error:
        line = error.values["line"] if isinstance(error, CatalogueError) else 0
        reason = error.values["reason"] if isinstance(error, CatalogueError) else error.reason
        raise OptionsError("claims.options_not_yaml", file=file.name, line=line, reason=reason) from error
