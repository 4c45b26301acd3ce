"""One kind of tampering: what is changed, by what means, and which check must find it."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from bixie.store.settings import Location

__all__ = [
    "DATABASE",
    "FILES",
    "FORMATS",
    "KEY",
    "MACHINE",
    "WITNESS_FILE",
    "Check",
    "Kind",
    "Scene",
    "by_sql",
    "kinds",
]

DATABASE = "writes to the database, triggers dropped"
"""Means: of somebody with the password of the database, or with its file."""
FORMATS = f"{DATABASE}; knows the formats and computes hashes"
KEY = f"{FORMATS}; has a key of its own"
MACHINE = "has the machine: the database, the files and the key that signs"
WITNESS_FILE = "writes to the witness's file"
FILES = "writes to the folder of the files"


class Check(StrEnum):
    """What somebody runs, from the one that needs the least."""

    VERIFY = "verify"
    FILES = "verify --files"
    KEY = "verify --key"
    WITNESS = "verify --witness"


@dataclass(frozen=True, slots=True)
class Scene:
    """A copy of the store, to be tampered with.

    Parameters
    ----------
    connection : Connection
        Nothing that the database could refuse is refused: triggers are gone, foreign keys are not checked.
        Committed afterwards.
    location : Location
        Of the copy; its folder holds files, and the key.
    tenant, other : str
        The tenant with everything in it, and one with a few events.
    witness : Path
        What the witness has; outside the store.
    key : Path
        The file with the key that signs; outside the store.
    """

    connection: sa.Connection
    location: Location
    tenant: str
    other: str
    witness: Path
    key: Path

    def run(self, statement: str, **values: object) -> None:
        """Execute a statement; ``:tenant`` and ``:other`` are filled in.

        Raises
        ------
        LookupError
            When it changed nothing: a kind that tampers with nothing proves nothing.
        """
        about = {"tenant": self.tenant, "other": self.other}
        done = self.connection.execute(sa.text(statement), {**about, **values})
        if done.rowcount == 0:
            raise LookupError(statement)

    def drop(self, table: str) -> None:
        """Drop a table."""
        self.connection.execute(sa.text(f"DROP TABLE {table}"))

    def value(self, query: str, **values: object) -> object:
        """Return the first column of the only row that a query finds."""
        about = {"tenant": self.tenant, "other": self.other}
        return self.connection.execute(sa.text(query), {**about, **values}).scalars().one()

    def rows(self, query: str, **values: object) -> Sequence[sa.RowMapping]:
        """Return the rows that a query finds."""
        about = {"tenant": self.tenant, "other": self.other}
        return self.connection.execute(sa.text(query), {**about, **values}).mappings().all()

    def file_of(self, sha256: str) -> Path:
        """Return where the bytes of an exhibit of the tenant lie, for writing."""
        path = self.location.folder / "blobs" / self.tenant / sha256[:2] / sha256
        path.chmod(0o600)
        return path

    def exchange(self, one: Path, other: Path) -> None:
        """Exchange two files."""
        between = one.with_suffix(".between")
        shutil.move(one, between)
        shutil.move(other, one)
        shutil.move(between, other)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of tampering.

    Parameters
    ----------
    name : str
        What is changed, in words.
    area : str
        ``events``, ``checkpoints``, ``exhibits``: what it belongs to in the table.
    apply : callable
        Does it to a copy.
    means : str
        The attacker's means, in words.
    found_by : Check
        The check that must find it, if none that needs less does.
    """

    name: str
    area: str
    apply: Callable[[Scene], None]
    means: str = DATABASE
    found_by: Check = Check.VERIFY


def by_sql(*statements: str) -> Callable[[Scene], None]:
    """Return an `apply` that executes statements, each of which changes at least one row."""

    def apply(scene: Scene) -> None:
        for statement in statements:
            scene.run(statement)

    return apply


def kinds(
    area: str,
    applies: Mapping[str, Callable[[Scene], None]],
    means: str = DATABASE,
    found_by: Check = Check.VERIFY,
) -> list[Kind]:
    """Return kinds of one area that need the same means and are found by the same check."""
    return [Kind(name, area, apply, means, found_by) for name, apply in applies.items()]
