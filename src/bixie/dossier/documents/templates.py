"""The templates of papers and their fields, read once from data files and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from bixie.cases.words import Side
from bixie.kit.calendar import add_months
from bixie.kit.messages import Language, Text
from bixie.law.entries import Rule
from bixie.law.loading import catalogue_of_law

__all__ = ["LISTS", "Field", "Section", "Template", "fields", "templates"]

LISTS = ("evidence", "exhibits", "findings", "known", "labelled", "labels", "letter", "thread")
"""What a section can list."""


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a paper.

    Parameters
    ----------
    label : Text
    ask : Text or None
        What is asked where it is not known; None leaves the line out then.
    """

    label: Text
    ask: Text | None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper.

    Parameters
    ----------
    head : Text
    fields : tuple of str
        Keys of `fields`.
    list : str or None
        One of `LISTS`.
    items, ticks : tuple of Text
        A numbered list, and boxes to tick.
    text : Text or None
    """

    head: Text
    fields: tuple[str, ...]
    list: str | None
    items: tuple[Text, ...]
    ticks: tuple[Text, ...]
    text: Text | None


@dataclass(frozen=True, slots=True)
class Template:
    """A paper before it is filled.

    Parameters
    ----------
    kind : str
    name, why, to : Text
        What it is called, when it is used, and to whom it goes.
    languages : tuple of str
    sides : frozenset of Side
        Who may write it.
    law : tuple of str
        Entries of the catalogue that it names.
    until : tuple of str
        The entries with time limits.
    needs : str or None
        A list that must not be empty for the paper to make sense.
    warning : Text or None
    sections : tuple of Section
    """

    kind: str
    name: Text
    why: Text
    to: Text
    languages: tuple[Language, ...]
    sides: frozenset[Side]
    law: tuple[str, ...]
    until: tuple[str, ...]
    needs: str | None
    warning: Text | None
    sections: tuple[Section, ...]

    def rules_on(self, day: date) -> list[Rule]:
        """Return the entries that were in force on a day."""
        found = (catalogue_of_law().rules[key] for key in self.law)
        return [one for one in found if one.in_force(day)]

    def last_days(self, act: date) -> list[tuple[date, str]]:
        """Return the last day of each time limit, counted from an act, and its entry; the first day first."""
        limits = (one.assess.limit for one in catalogue_of_law().rules.values() if one.assess is not None)
        months = {one.id: one.months for one in limits if one is not None}
        return sorted((add_months(act, months[key]), key) for key in self.until)


@cache
def templates() -> Mapping[str, Template]:
    """Return the templates by kind, in their order.

    Raises
    ------
    ValueError
        For a template that names a field, a list or an entry of the law that is not there: a defect of the
        data.
    """
    folder = resources.files(__package__).joinpath("papers")
    read = [
        (one.name.removesuffix(".toml"), tomllib.loads(one.read_text(encoding="utf-8")))
        for one in folder.iterdir()
        if one.name.endswith(".toml")
    ]
    return {kind: _template(kind, table) for kind, table in sorted(read, key=lambda one: one[1]["order"])}


@cache
def fields() -> Mapping[str, Field]:
    """Return the fields of all papers by their keys."""
    source = resources.files(__package__).joinpath("fields.toml").read_text(encoding="utf-8")
    return {
        key: Field(Text(**one["label"]), Text(**one["ask"]) if "ask" in one else None)
        for key, one in tomllib.loads(source).items()
    }


def _template(kind: str, table: dict[str, Any]) -> Template:
    made = Template(
        kind=kind,
        name=Text(**table["name"]),
        why=Text(**table["why"]),
        to=Text(**table["to"]),
        languages=tuple(table["languages"]),
        sides=frozenset(map(Side, table["sides"])),
        law=tuple(table["law"]),
        until=tuple(table.get("until", ())),
        needs=table.get("needs"),
        warning=_text_or_none(table.get("warning")),
        sections=tuple(map(_section, table["section"])),
    )
    _check(made)
    return made


def _section(table: dict[str, Any]) -> Section:
    return Section(
        head=Text(**table["head"]),
        fields=tuple(table.get("fields", ())),
        list=table.get("list"),
        items=tuple(Text(**one) for one in table.get("items", ())),
        ticks=tuple(Text(**one) for one in table.get("ticks", ())),
        text=_text_or_none(table.get("text")),
    )


def _check(made: Template) -> None:
    named = {key for one in made.sections for key in one.fields}
    lists = {one.list for one in made.sections} | {made.needs}
    rules = {*made.law, *made.until}
    unknown = {*named - fields().keys(), *lists - {None, *LISTS}, *rules - catalogue_of_law().rules.keys()}
    if unknown:
        raise ValueError(f"{made.kind}: {unknown}")


def _text_or_none(table: dict[str, str] | None) -> Text | None:
    return None if table is None else Text(**table)
