"""Write the published JSON Schemas from the models: `python docs/reference/generate_schemas.py`."""

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from bixie.examiners.order import order_schema
from bixie.law.facts import FactsDocument
from bixie.policies.pack import pack_schema
from bixie.remedies.gateway import RemedyOrder

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS: dict[tuple[str, str], Callable[[], dict[str, Any]]] = {
    ("bixie.examiners", "order.schema.json"): order_schema,
    ("bixie.law", "facts.schema.json"): FactsDocument.model_json_schema,
    ("bixie.policies", "policy.schema.json"): pack_schema,
    ("bixie.remedies", "order.schema.json"): RemedyOrder.model_json_schema,
}
"""Package and file to what makes the schema."""


def path_of(package: str, name: str) -> Path:
    """Return where the schema `name` of a package is kept."""
    return Path(str(resources.files(package).joinpath(name)))


def text_of(make: Callable[[], dict[str, Any]]) -> str:
    """Return a schema as its file has it."""
    return json.dumps({"$schema": _DIALECT, **make()}, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for (package, name), make in SCHEMAS.items():
        path_of(package, name).write_text(text_of(make), encoding="utf-8", newline="\n")
