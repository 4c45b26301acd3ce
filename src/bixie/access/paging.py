"""Pages of lists: the cursor of the next page is an opaque text for one list of one tenant."""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from bixie.access.errors import AccessError
from bixie.access.sequence import Place

__all__ = ["MAX_ITEMS", "Page", "PageQuery", "Window"]

MAX_ITEMS = 200
_ITEMS = 50
_TAG_DIGITS = 24
_PLACE = re.compile(r"([0-9]{1,15})\.([a-z0-9_]{1,64})", re.ASCII)
_CURSOR = re.compile(r"[\w-]{1,200}={0,2}", re.ASCII)

Item = TypeVar("Item")
Row = TypeVar("Row")


class PageQuery(BaseModel):
    """Query parameters of a list."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(None, max_length=200, description="`next` of the page before")
    limit: int = Field(_ITEMS, ge=1, le=MAX_ITEMS, description="most items on this page")


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(description="cursor of the next page; null on the last one")


@dataclass(frozen=True, slots=True)
class Window:
    """The requested part of a list.

    Parameters
    ----------
    tenant : str
    of : str
        Which list: ``orders``.
    limit : int
    after : str or None
        Position of the last row of the page before; None for the first page.
    """

    tenant: str
    of: str
    limit: int
    after: str | None

    @classmethod
    def asked(cls, tenant: str, of: str, query: PageQuery) -> "Window":
        """Return the part that a query requests.

        Raises
        ------
        AccessError
            ``access.bad_cursor`` for a cursor of another list or tenant, or a made-up one.
        """
        return cls(
            tenant, of, query.limit, None if query.cursor is None else _position(tenant, of, query.cursor)
        )

    @property
    def after_number(self) -> int:
        """`after` of a list whose positions are numbers; 0 for the first page.

        Raises
        ------
        AccessError
            ``access.bad_cursor`` for a made-up one.
        """
        if self.after is None:
            return 0
        if not re.fullmatch(r"[0-9]{1,15}", self.after, re.ASCII):
            raise AccessError("access.bad_cursor")
        return int(self.after)

    @property
    def after_place(self) -> Place | None:
        """`after` of a list in ledger order; None for the first page.

        Raises
        ------
        AccessError
            ``access.bad_cursor`` for a made-up one.
        """
        if self.after is None:
            return None
        found = _PLACE.fullmatch(self.after)
        if found is None:
            raise AccessError("access.bad_cursor")
        return Place(int(found[1]), found[2])

    @property
    def rows(self) -> int:
        """How many rows to query: one more than fits shows whether there is another page."""
        return self.limit + 1

    def page(
        self, rows: Sequence[Row], item: Callable[[Row], Item], position: Callable[[Row], object]
    ) -> Page[Item]:
        """Return the page of `rows`, which may hold one too many; `position` gives what `after` will be."""
        fitting = rows[: self.limit]
        more = _cursor(self.tenant, self.of, str(position(fitting[-1]))) if len(rows) > len(fitting) else None
        return Page(items=[item(row) for row in fitting], next=more)


def _cursor(tenant: str, of: str, position: str) -> str:
    return urlsafe_b64encode(f"{_tag(tenant, of, position)}{position}".encode()).decode()


def _position(tenant: str, of: str, cursor: str) -> str:
    try:
        if not _CURSOR.fullmatch(cursor):
            raise ValueError(cursor)
        text = urlsafe_b64decode(cursor).decode()
    except ValueError as error:
        raise AccessError("access.bad_cursor") from error
    tag, position = text[:_TAG_DIGITS], text[_TAG_DIGITS:]
    # No secret: a made-up cursor still gives the caller's own rows only. The tag catches mistakes.
    if tag != _tag(tenant, of, position) or not position.isprintable():
        raise AccessError("access.bad_cursor")
    return position


def _tag(tenant: str, of: str, position: str) -> str:
    whole = f"bixie.cursor/1\n{tenant}\n{of}\n{position}"
    return hashlib.sha256(whole.encode()).hexdigest()[:_TAG_DIGITS]
