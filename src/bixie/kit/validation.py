"""Turns what pydantic refuses into codes of our own, each with the place of the value.

A model checks shapes and types itself; its room maps those errors to codes. What only the room can know, a
validator of the model refuses with `refusal`, which carries the code already.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError, WrapValidator
from pydantic_core import PydanticCustomError

__all__ = ["Fault", "Location", "coded", "dotted", "fault_of", "faults_of", "first_fault", "refusal"]

Location = tuple[int | str, ...]
"""Keys and indices from the top of a document to a value: ``("items", 0, "sku")``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that a model refuses.

    Parameters
    ----------
    code : str
        Of the room's `messages.toml`.
    location : tuple of str and int
    values : mapping
        What the sentence of the code needs.
    """

    code: str
    location: Location
    values: Mapping[str, Any] = field(default_factory=dict)


def refusal(code: str, **values: object) -> PydanticCustomError:
    """Return the error by which a validator of a model refuses a value.

    Parameters
    ----------
    code : str
        Of the room's `messages.toml`.
    **values
        What the sentence of that code needs, but for the place.
    """
    return PydanticCustomError(code, "refused", values)


def coded(code: str, **values: object) -> WrapValidator:
    """Return an annotation by which a type refuses every wrong value under one code.

    Examples
    --------
    >>> from typing import Annotated
    >>> from pydantic import Field
    >>> Age = Annotated[int, Field(strict=True, ge=0, le=130), coded("facts.not_an_age", most=130)]
    """

    def check(value: Any, handler: Callable[[Any], Any]) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            raise refusal(code, **values) from error

    return WrapValidator(check)


def dotted(location: Location) -> str:
    """Return a place as people write it.

    Examples
    --------
    >>> dotted(("items", 0, "sku"))
    'items[0].sku'
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


def faults_of(error: ValidationError, codes: Mapping[str, str]) -> list[Fault]:
    """Return everything that a model refuses, in the order of its fields.

    Parameters
    ----------
    error : ValidationError
    codes : mapping
        Pydantic's own types of errors (``extra_forbidden``, ``list_type``) to codes of the room.

    Raises
    ------
    KeyError
        For a type of error that `codes` does not have: a defect of the room, never of the input.
    """
    return [fault_of(one, codes) for one in error.errors(include_url=False, include_input=False)]


def fault_of(details: Mapping[str, Any], codes: Mapping[str, str]) -> Fault:
    """Return one of the errors that `ValidationError.errors` lists as a fault; see `faults_of`."""
    code = details["type"]
    return Fault(code if "." in code else codes[code], details["loc"], details.get("ctx", {}))


def first_fault(error: ValidationError, codes: Mapping[str, str]) -> Fault:
    """Return the first of `faults_of`."""
    return faults_of(error, codes)[0]
