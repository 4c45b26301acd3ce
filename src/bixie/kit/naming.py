"""Names that tell things apart: of several alike, the later ones get a number."""

from collections.abc import Container, Iterable

__all__ = ["unique_name", "unique_names"]


def unique_name(name: str, taken: Container[str]) -> str:
    """Return `name`, with a number behind it if it is taken: ``photo.jpg (2)``."""
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name} ({number})"
    return unique


def unique_names(names: Iterable[str]) -> list[str]:
    """Return the names in their order, no two alike."""
    unique: list[str] = []
    for name in names:
        unique.append(unique_name(name, unique))
    return unique
