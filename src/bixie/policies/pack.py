"""A policy pack as one typed document: terms, limits, evidence, rules, golden cases."""

import hashlib
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from bixie.kit.canonical_json import encode_canonical
from bixie.kit.validation import refusal
from bixie.law.grounds import Condition, compile_condition
from bixie.policies.conditions import CONDITIONS, Given
from bixie.policies.facts import Facts, MerchantOption
from bixie.policies.terms import Limits, Terms
from bixie.policies.values import Bilingual, Flag, Group, Name, at_most

__all__ = [
    "EFFECTS",
    "Effect",
    "Expectation",
    "GoldenCase",
    "Pack",
    "PackState",
    "Rule",
    "names_in",
    "pack_schema",
]

PackState = Literal["draft", "published", "retired"]
Effect = Literal["permit_without_person", "require_person", "require_second_review", "forbid"]
EFFECTS: tuple[Effect, ...] = ("permit_without_person", "require_person", "require_second_review", "forbid")

_MAX_DEPTH = 12
_MAX_NAMES = 200
_LawId = Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9-]{1,40}$")]


def _condition(value: Any) -> Any:
    names = names_in(value)
    if len(names) > _MAX_NAMES:
        raise refusal("policy.condition_too_long", limit=_MAX_NAMES)
    for name in names:
        if name not in CONDITIONS:
            raise refusal("policy.unknown_condition", name=name[:100])
    return value


def names_in(value: Any, depth: int = 0) -> list[str]:
    """Return the names in a condition, in their order.

    Raises
    ------
    PydanticCustomError
        ``policy.not_a_condition``, for the validator of a model.
    """
    if isinstance(value, str):
        return [value]
    if depth == _MAX_DEPTH or not isinstance(value, dict) or len(value) != 1:
        raise refusal("policy.not_a_condition", depth=_MAX_DEPTH)
    ((operator, inner),) = value.items()
    if operator == "not":
        return names_in(inner, depth + 1)
    if operator not in ("all", "any") or not isinstance(inner, list | tuple) or not inner:
        raise refusal("policy.not_a_condition", depth=_MAX_DEPTH)
    return [name for part in inner for name in names_in(part, depth + 1)]


_ConditionForm = Annotated[Any, PlainValidator(_condition)]
_CONDITION_SCHEMA = {
    "description": "A name, or names combined. A condition that cannot be answered yet stays open.",
    "anyOf": [
        {"enum": list(CONDITIONS)},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {
                "all": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}},
                "any": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}},
                "not": {"$ref": "#/$defs/condition"},
            },
        },
    ],
}


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise refusal("policy.not_a_day") from error


_Day = Annotated[
    date,
    PlainValidator(_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]


class Rule(Group):
    """One rule of a pack."""

    id: Name
    effect: Effect
    when: _ConditionForm
    text: Bilingual = Field(description="What the rule says, for both sides of a case.")
    law: Annotated[tuple[_LawId, ...], at_most(20)] = Field(
        default=(), description="Entries of the law catalogue that the rule rests on."
    )
    yields_to: Annotated[tuple[Name, ...], at_most(100)] = Field(
        default=(),
        description="Of a permission: all rules that may hold beside it. They go before it.",
    )

    @cached_property
    def condition(self) -> Condition:
        """The condition, ready to be asked with `Given`."""
        return compile_condition(self.when, CONDITIONS)


class Expectation(Group):
    """What a golden case must come to. What is left out is not compared."""

    permitted: Flag | None = None
    person_required: Flag | None = None
    second_review_required: Flag | None = None
    objections: tuple[Name, ...] | None = None
    rules: tuple[Name, ...] | None = Field(default=None, description="Ids of all rules that fire.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(value is None for _, value in self):
            raise refusal("policy.expects_nothing")
        return self


class GoldenCase(Group):
    """Facts, and what the pack must make of them. A pack whose golden case fails is refused."""

    id: Name
    title: Bilingual
    facts: Facts
    expect: Expectation


class Pack(Group):
    """A policy pack in one version.

    The state stands outside of the canonical form: publishing and retiring change no rule, so decisions keep
    citing one hash.
    """

    schema_: Literal["bixie.policy/1"] = Field(alias="schema")
    id: Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    version: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    state: PackState = "draft"
    effective_from: _Day | None = Field(
        default=None, alias="from", description="First day in force, in UTC+8; null: since it was published."
    )
    effective_to: _Day | None = Field(default=None, alias="to", description="Last day in force.")
    title: Bilingual
    currency: Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")] = "CNY"
    options: Annotated[tuple[MerchantOption, ...], at_most(10)] = Field(
        default=(), description="What merchants may opt into."
    )
    terms: Terms
    limits: Limits
    evidence: Annotated[dict[Name, Annotated[tuple[Name, ...], at_most(20)]], at_most(200)]
    rules: Annotated[tuple[Rule, ...], at_most(100)] = ()
    golden: Annotated[tuple[GoldenCase, ...], at_most(500)] = ()

    @cached_property
    def canonical(self) -> bytes:
        """The canonical JSON of the pack, without its state."""
        # Without defaults: a key that is added to the form later leaves the hash of older packs alone.
        shown = self.model_dump(mode="json", by_alias=True, exclude={"state"}, exclude_defaults=True)
        return encode_canonical(shown)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of `canonical`, in hexadecimal."""
        return hashlib.sha256(self.canonical).hexdigest()

    def in_force(self, day: date) -> bool:
        """Return whether `day` lies between the first and the last day of the pack."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    def given(self, facts: Facts) -> Given:
        """Return what the conditions of the pack are asked with."""
        return Given(facts, self.terms, self.limits, self.evidence, self.currency)


def pack_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``bixie.policy/1``."""
    schema = Pack.model_json_schema()
    schema["$defs"]["condition"] = _CONDITION_SCHEMA
    schema["$defs"]["Rule"]["properties"]["when"] = {"$ref": "#/$defs/condition"}
    return schema
