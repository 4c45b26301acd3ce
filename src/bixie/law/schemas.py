"""The published JSON Schemas of the facts that go in and of the assessment that comes out."""

import json
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["assessment_schema", "facts_schema"]


@cache
def facts_schema() -> dict[str, Any]:
    """Return the schema of FACTS.json; `docs/reference/generate_schemas.py` writes it from the model."""
    return _schema("facts.schema.json")


@cache
def assessment_schema() -> dict[str, Any]:
    """Return the schema of ``bixie.law/1``."""
    return _schema("assessment.schema.json")


def _schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(resources.files("bixie.law").joinpath(name).read_bytes())
    return loaded
