"""The operations of an OpenAPI document, as a page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "Member", "Operation", "Tag", "tags_of"]

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a field of a body.

    Parameters
    ----------
    name : str
    where : str
        ``query``, ``path``, ``header``; empty for a field.
    kind : str
        Type in short: ``string``, ``list of Money``.
    required : bool
    text : str
    """

    name: str
    where: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation."""

    status: str
    text: str
    members: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Parameters
    ----------
    id, method, path, summary, description : str
    parameters : sequence of Member
    body_type : str or None
        Media type of the body.
    body : sequence of Member
    answers : sequence of Answer
    """

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: Sequence[Member]
    body_type: str | None
    body: Sequence[Member]
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Tag:
    """Operations under one head."""

    name: str
    operations: Sequence[Operation]


def tags_of(document: Mapping[str, Any]) -> list[Tag]:
    """Return the operations of an OpenAPI document by tag, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                given = methods[method]
                tag = (given.get("tags") or ["other"])[0]
                found.setdefault(tag, []).append(_operation(document, path, method, given))
    return [Tag(name, operations) for name, operations in found.items()]


def _operation(document: Mapping[str, Any], path: str, method: str, given: Mapping[str, Any]) -> Operation:
    content = given.get("requestBody", {}).get("content", {})
    kind = next(iter(content), None)
    body = content.get(kind, {})
    return Operation(
        id=given.get("operationId", f"{method}-{path}"),
        method=method,
        path=path,
        summary=given.get("summary", ""),
        description=given.get("description", ""),
        parameters=[_parameter(document, one) for one in given.get("parameters", ())],
        body_type=kind,
        body=_members(document, body.get("schema", {})),
        answers=[_answer(document, status, one) for status, one in given.get("responses", {}).items()],
    )


def _parameter(document: Mapping[str, Any], given: Mapping[str, Any]) -> Member:
    one = _resolved(document, given)
    return Member(
        one["name"],
        one["in"],
        _kind(one.get("schema", {})),
        bool(one.get("required")),
        one.get("description") or one.get("schema", {}).get("description", ""),
    )


def _answer(document: Mapping[str, Any], status: str, given: Mapping[str, Any]) -> Answer:
    one = _resolved(document, given)
    schema = one.get("content", {}).get(_JSON, {}).get("schema", {})
    return Answer(status, one.get("description", ""), _members(document, schema))


def _members(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Member]:
    one = _resolved(document, schema)
    required = set(one.get("required", ()))
    return [
        Member(name, "", _kind(shape), name in required, shape.get("description", ""))
        for name, shape in one.get("properties", {}).items()
    ]


def _kind(shape: Mapping[str, Any]) -> str:
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "enum" in shape:
        return " | ".join(map(str, shape["enum"]))
    if "const" in shape:
        return str(shape["const"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in shape:
            return " | ".join(dict.fromkeys(_kind(one) for one in shape[several]))
    kind = shape.get("type", "any")
    if kind == "array":
        return f"list of {_kind(shape.get('items', {}))}"
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _resolved(document: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference within the document names."""
    while "$ref" in given:
        found: Any = document
        for part in given["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        given = found
    return given
