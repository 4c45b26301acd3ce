"""Loads the catalogue from its YAML files: checks the schema, builds the types, checks the whole."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import jsonschema

from bixie.kit.reasons import plain_reason
from bixie.law.catalogue_builder import SECTIONS, build_catalogue, refuse_second
from bixie.law.checking import check_catalogue
from bixie.law.entries import Catalogue, SourceLocation
from bixie.law.errors import CatalogueError
from bixie.law.yaml_lines import line_of, parse_yaml, plain

__all__ = ["catalogue_folder", "catalogue_of_law", "load_catalogue"]

_MAX_FILE = 1024 * 1024
_HEAD = ("as_of", "disclaimer")


def catalogue_folder() -> Traversable:
    """Return the folder of the catalogue that Bixie comes with."""
    return resources.files("bixie.law").joinpath("catalogue")


@cache
def catalogue_of_law() -> Catalogue:
    """Return the catalogue that Bixie comes with, read once.

    Raises
    ------
    CatalogueError
        As `load_catalogue` does.
    """
    return load_catalogue(catalogue_folder())


def load_catalogue(folder: Traversable) -> Catalogue:
    """Read and check every ``*.yaml`` file of a folder.

    Parameters
    ----------
    folder : Traversable
        A `pathlib.Path`, for example.

    Raises
    ------
    CatalogueError
        ``values`` has ``file`` and ``line``. ``catalogue.no_files``, ``catalogue.not_yaml``,
        ``catalogue.not_as_described``, ``catalogue.missing``, ``catalogue.twice``,
        ``catalogue.unknown_condition`` or what `check_catalogue` raises.
    """
    head: dict[str, Any] = {}
    items: dict[str, list[tuple[SourceLocation, Any]]] = {section: [] for section in SECTIONS}
    for name, document in _documents(folder):
        for key in _HEAD:
            if key in document:
                refuse_second(key, head, SourceLocation(name, document.line))
                head[key] = document[key]
        for section in SECTIONS:
            items[section] += [(SourceLocation(name, item.line), item) for item in document.get(section, ())]
    for key in _HEAD:
        if key not in head:
            raise CatalogueError("catalogue.missing", file="*.yaml", line=0, what=key)
    catalogue = build_catalogue(head, items)
    check_catalogue(catalogue)
    return catalogue


def _documents(folder: Traversable) -> Iterator[tuple[str, Any]]:
    schema = json.loads(resources.files("bixie.law").joinpath("catalogue.schema.json").read_bytes())
    validator = jsonschema.Draft202012Validator(schema)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name)
    if not files:
        raise CatalogueError("catalogue.no_files", file=str(folder), line=0)
    for file in files:
        data = file.read_bytes()
        if len(data) > _MAX_FILE:
            raise CatalogueError("catalogue.too_large", file=file.name, line=0, limit=_MAX_FILE)
        document = parse_yaml(_decoded(data, file.name), file.name)
        error = jsonschema.exceptions.best_match(validator.iter_errors(plain(document)))
        if error is not None:
            where = list(error.absolute_path)
            at = "/".join(map(str, where)) or "."
            raise CatalogueError(
                "catalogue.not_as_described",
                file=file.name,
                line=line_of(document, where),
                at=at,
                reason=error.message[:300],
            )
        yield file.name, document


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CatalogueError("catalogue.not_yaml", file=file, line=0, reason=plain_reason(error)) from error
