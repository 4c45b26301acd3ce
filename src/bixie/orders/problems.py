"""Problems of an order, by row and column of a table or by the place in a document."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from bixie.kit.messages import catalogue
from bixie.kit.sanitise import sanitise
from bixie.kit.validation import Fault, Location, dotted, faults_of

__all__ = ["Problem", "faults_in", "problem", "problems_in_document", "problems_in_row"]

_MAX_KEY = 80
_CODES = {
    "extra_forbidden": "orders.unknown_key",
    "missing": "orders.no_number",  # nothing else is required
    "model_type": "orders.not_an_object",
    "string_type": "orders.number_not_text",
    "string_unicode": "orders.unknown_key",  # a key that UTF-8 cannot write
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of one cell.

    Parameters
    ----------
    row : str
        ``3`` of a table (the heading is row 1), ``orders[2]`` of a document.
    column : str or None
        As the file writes it; None for the whole row.
    code : str
        Stable; the sentence stands in ``messages.toml``.
    en, zh : str
    """

    row: str
    column: str | None
    code: str
    en: str
    zh: str


def problem(code: str, row: str, column: str | None, **values: object) -> Problem:
    """Return a problem with its sentences."""
    text = catalogue("bixie.orders").text(code, **values)
    return Problem(row, column, code, text.en, text.zh)


def faults_in(error: ValidationError) -> list[Fault]:
    """Return the faults that the model of an order reports."""
    return faults_of(error, _CODES)


def problems_in_row(faults: Iterable[Fault], row: str, columns: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the problems of a row.

    Parameters
    ----------
    faults : iterable of Fault
    row : str
    columns : mapping
        Field to the heading as the file writes it.
    """
    for fault in faults:
        column = columns.get(str(fault.location[-1])) if fault.location else None
        yield problem(fault.code, row, column, **fault.values)


def problems_in_document(faults: Iterable[Fault], place: Location) -> Iterator[Problem]:
    """Yield the problems of an order of a JSON document.

    Parameters
    ----------
    faults : iterable of Fault
    place : tuple of str and int
        Place of the order: ``("orders", 2)``.
    """
    for fault in faults:
        last = fault.location[-1] if fault.location else None
        if not isinstance(last, str) or fault.code == "orders.not_a_list":
            yield problem(fault.code, dotted((*place, *fault.location)), None, **fault.values)
        else:
            row = dotted((*place, *fault.location[:-1]))
            yield problem(fault.code, row, sanitise(last, _MAX_KEY), **fault.values)
