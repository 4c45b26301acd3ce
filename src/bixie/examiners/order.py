"""The order document ``order.json``: what the shop knows about the order. Every key is optional.

A wrong value is refused with the key's name; a key that is not known is a warning, since a misspelt
``claimed_at`` would otherwise be missed without a word.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bixie.examiners.results import FileError
from bixie.kit.errors import UsageError
from bixie.kit.messages import catalogue
from bixie.kit.reasons import plain_reason
from bixie.kit.validation import Location, dotted, first_fault, refusal

__all__ = [
    "MAX_ORDER_BYTES",
    "ClaimText",
    "DeliveryPlace",
    "Order",
    "OrderDocument",
    "OrderError",
    "OrderItem",
    "check_order",
    "order_schema",
    "read_order",
]

MAX_ORDER_BYTES = 1024 * 1024

_PACKAGE = "bixie.examiners"
_CODES = {
    "dict_type": "order.not_an_object",
    "finite_number": "order.not_a_number",
    "float_type": "order.not_a_number",
    "invalid_key": "order.not_an_object",
    "list_type": "order.not_a_list",
    "missing": "order.incomplete_place",
    "model_type": "order.not_an_object",
    "string_type": "order.not_text",
    "string_unicode": "order.not_text",
}


class OrderError(UsageError):
    """The order document is not what it must be; `values` names the field."""

    package = _PACKAGE


def _not_null(code: str) -> BeforeValidator:
    """Refuse null: a key whose value is not known is left out."""

    def check(value: object) -> object:
        if value is None:
            raise refusal(code)
        return value

    return BeforeValidator(check)


def _clamped(limit: int) -> BeforeValidator:
    """Bring integers near the range: they have no upper end in JSON, and the largest fit into no float."""
    return BeforeValidator(
        lambda value: max(-limit - 1, min(value, limit + 1)) if type(value) is int else value
    )


def _in_range(limit: int) -> AfterValidator:
    def check(value: float) -> float:
        if not -limit <= value <= limit:
            raise refusal("order.out_of_range", low=-limit, high=limit)
        return value

    return AfterValidator(check)


def _bounds(limit: int) -> Any:
    return Field(allow_inf_nan=False, json_schema_extra={"minimum": -limit, "maximum": limit})


def _has_zone(value: object) -> object:
    try:
        if isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None:
            return value
    except ValueError:
        pass
    raise refusal("order.not_a_time")


_Text = Annotated[str | None, _not_null("order.not_text")]
_Time = Annotated[str | None, BeforeValidator(_has_zone), Field(json_schema_extra={"format": "date-time"})]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    def unknown_keys(self, location: Location = ()) -> Iterator[Location]:
        """Yield the place of every key that is not known."""
        for key in self.model_extra or ():
            yield (*location, key)
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, _Part):
                yield from value.unknown_keys((*location, name))
            elif isinstance(value, list):
                for index, part in enumerate(value):
                    yield from part.unknown_keys((*location, name, index))


class DeliveryPlace(_Part):
    """Where the goods were delivered, in degrees of WGS 84."""

    lat: Annotated[float, _bounds(90), _clamped(90), _in_range(90)]
    lon: Annotated[float, _bounds(180), _clamped(180), _in_range(180)]


class OrderItem(_Part):
    """One line of the order."""

    sku: _Text = None
    name: _Text = None
    category: _Text = None


class ClaimText(_Part):
    """What the buyer writes."""

    reason: _Text = None
    text: _Text = None


class OrderDocument(_Part):
    """What the shop knows about the order; times are ISO 8601 with a zone."""

    id: _Text = None
    ordered_at: _Time = None
    delivered_at: _Time = None
    claimed_at: _Time = None
    delivery_place: Annotated[DeliveryPlace | None, _not_null("order.not_an_object")] = None
    items: Annotated[list[OrderItem] | None, _not_null("order.not_a_list")] = None
    claim: Annotated[ClaimText | None, _not_null("order.not_an_object")] = None

    def to_dict(self) -> dict[str, Any]:
        """Return the document; a key without a value is left out."""
        return self.model_dump(exclude_none=True)


@dataclass(frozen=True, slots=True)
class Order:
    """A checked order document.

    Parameters
    ----------
    facts : dict
        The document as given, JSON types.
    warnings : tuple of FileError
        Keys that are not known.
    """

    facts: dict[str, Any]
    warnings: tuple[FileError, ...] = ()


def read_order(path: str) -> Order:
    """Read and check the order document at `path`.

    Raises
    ------
    OrderError
        ``order.unreadable``, ``order.too_large``, ``order.not_json``, or what `check_order` raises.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_ORDER_BYTES + 1)
    except (OSError, ValueError) as error:
        raise OrderError("order.unreadable", path=path) from error
    if len(data) > MAX_ORDER_BYTES:
        raise OrderError("order.too_large", bytes=len(data), limit=MAX_ORDER_BYTES)
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise OrderError("order.not_json", reason=plain_reason(error)) from error
    return check_order(document)


def check_order(document: Any) -> Order:
    """Check an order document that is in memory.

    Raises
    ------
    OrderError
        ``order.not_an_object``, ``order.not_a_list``, ``order.not_text``, ``order.not_a_number``,
        ``order.not_a_time``, ``order.out_of_range`` or ``order.incomplete_place``; ``values["field"]``
        names the key, as in ``items[0].sku``.
    """
    try:
        checked = OrderDocument.model_validate(document)
    except ValidationError as error:
        fault = first_fault(error, _CODES)
        # A key that is missing is reported for the object that lacks it.
        location = fault.location[:-1] if fault.code == "order.incomplete_place" else fault.location
        raise OrderError(fault.code, field=dotted(location) or "order", **fault.values) from error
    code = "order.unknown_field"
    unknown = [dotted(location) for location in checked.unknown_keys()]
    return Order(
        document, tuple(FileError(code, catalogue(_PACKAGE).text(code, field=key)) for key in unknown)
    )


class _WithoutNull(GenerateJsonSchema):
    """A key without a value is left out of the document, so the schema allows no null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def order_schema() -> dict[str, Any]:
    """Return the JSON Schema of the order document."""
    return OrderDocument.model_json_schema(schema_generator=_WithoutNull)
