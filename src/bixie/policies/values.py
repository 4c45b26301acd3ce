"""Types of single values in packs and facts: names, texts in two languages, lengths of time, amounts."""

from collections.abc import Mapping, Sized
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from bixie.kit.due_time import Length
from bixie.kit.messages import Text
from bixie.kit.money import MAX_FEN
from bixie.kit.validation import refusal

__all__ = ["Bilingual", "Count", "Fen", "Flag", "Group", "LengthOfTime", "Name", "NameSet", "at_most"]

_MAX_SET = 1000
_MAX_LENGTH = {"hours": 8_760, "days": 365, "workdays": 250}
"""A year: a longer wait is a typing error."""

Name = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Fen = Annotated[int, Field(strict=True, ge=0, le=MAX_FEN)]


def at_most(limit: int) -> BeforeValidator:
    """Return an annotation by which a list that is too long is refused before its entries are looked at."""

    def check(value: Any) -> Any:
        if isinstance(value, Sized) and len(value) > limit:
            raise refusal("policy.too_many", limit=limit)
        return value

    return BeforeValidator(check)


NameSet = Annotated[
    tuple[Annotated[str, Field(strict=True, min_length=1, max_length=100)], ...],
    at_most(_MAX_SET),
    AfterValidator(lambda names: tuple(sorted(set(names)))),
]
"""Names whose order and repetition say nothing: they are kept sorted, each once."""


class Group(BaseModel):
    """A mapping of a document: no key beyond those of the model."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Bilingual(Group):
    """A text in both languages."""

    zh: Annotated[str, Field(strict=True, min_length=1, max_length=2_000)]
    en: Annotated[str, Field(strict=True, min_length=1, max_length=2_000)]

    @property
    def text(self) -> Text:
        """The text as the message catalogues have it."""
        return Text(en=self.en.strip(), zh=self.zh.strip())


def _length(value: Any) -> Length:
    if isinstance(value, Length):
        return value
    if isinstance(value, Mapping) and len(value) == 1:
        ((unit, amount),) = value.items()
        if unit in _MAX_LENGTH and type(amount) is int and 1 <= amount <= _MAX_LENGTH[unit]:
            return Length.of({unit: amount})
    raise refusal("policy.not_a_length")


LengthOfTime = Annotated[
    Length,
    PlainValidator(_length),
    PlainSerializer(lambda length: length.as_dict(), return_type=dict[str, int]),
    WithJsonSchema(
        {
            "type": "object",
            "description": "A length of time: clock hours, calendar days or working days of China.",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {
                unit: {"type": "integer", "minimum": 1, "maximum": most} for unit, most in _MAX_LENGTH.items()
            },
        }
    ),
]
