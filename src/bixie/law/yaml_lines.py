"""Parses YAML so that every mapping knows its line; errors can then name it.

Aliases (a small file could expand into a huge one), duplicate keys and tags are refused.
"""

from datetime import date
from typing import Any

import yaml

from bixie.law.errors import CatalogueError

__all__ = ["Lined", "line_of", "parse_yaml", "plain"]


class Lined(dict[str, Any]):
    """A mapping with the line, from 1, on which it begins."""

    line = 0


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(f"line {self.peek_event().start_mark.line + 1}: an alias")
        return super().compose_node(parent, index)


def _mapping(loader: _Loader, node: Any) -> Lined:
    found = Lined()
    found.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str) or key in found:
            raise yaml.YAMLError(
                f"line {key_node.start_mark.line + 1}: {key!r} is not text, or is there twice"
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse_yaml(text: str, file: str) -> Any:
    """Return the document of a YAML text, with `Lined` mappings.

    Raises
    ------
    CatalogueError
        ``catalogue.not_yaml``.
    """
    try:
        return yaml.load(text, _Loader)  # derives from SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        reason = " ".join(str(error).split())
        raise CatalogueError("catalogue.not_yaml", file=file, line=line, reason=reason) from error


def line_of(document: Any, path: list[str | int]) -> int:
    """Return the line of the innermost mapping along `path`."""
    line = 0
    for step in (None, *path):
        if step is not None:
            try:
                document = document[step]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(document, Lined):
            line = document.line
    return line


def plain(document: Any) -> Any:
    """Return the document with JSON types only: days become text."""
    if isinstance(document, dict):
        return {key: plain(value) for key, value in document.items()}
    if isinstance(document, list):
        return [plain(value) for value in document]
    return document.isoformat() if isinstance(document, date) else document
