"""The OpenAPI 3.1 document: adds what all operations have in common."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from bixie.access.idempotency import HEADER
from bixie.version import __version__
from bixie.web.problems import MEDIA_TYPE, ProblemDocument

__all__ = ["describe", "document", "summary_of"]

_REFERENCE = "#/components/schemas/{model}"
_DESCRIPTION = """Exhibits, orders and the ledger of what happened to them.

Every request needs a key. An object of another party or tenant is 404. A refusal is a problem document
(RFC 9457) with a stable `code`. Lists have pages: `next` is the `cursor` of the next page. A create that is
repeated with the same `Idempotency-Key` happens once and gets the first answer again."""
_END = re.compile(r"[.:;](?: |$)")
_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "a text of your own for this request; the same key gets the same answer",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def describe(app: FastAPI) -> None:
    """Make an application use `document` as its description."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document of an application's routes."""
    result = get_openapi(
        title="Bixie",
        version=__version__,
        openapi_version="3.1.0",
        description=_DESCRIPTION,
        routes=app.routes,
    )
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for left in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left, None)
    own = ProblemDocument.model_json_schema(ref_template=_REFERENCE)
    schemas |= own.pop("$defs", {})
    schemas["Problem"] = own
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    result["security"] = [{"key": []}]
    for path in result["paths"].values():
        for method, operation in path.items():
            _complete(method, operation)
    return result


def summary_of(description: str) -> str:
    """Return what an operation does, in a few words: its description up to the first full stop or colon.

    Examples
    --------
    >>> summary_of("Import a shop's file: CSV or JSON. Rows that cannot be read are named.")
    "Import a shop's file"
    """
    return _END.split(" ".join(description.split()), maxsplit=1)[0]


def _complete(method: str, operation: dict[str, Any]) -> None:
    refusal = {
        "description": "refused",
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}},
    }
    operation["summary"] = summary_of(operation["description"])
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = refusal
    if method == "post":
        operation.setdefault("parameters", []).append(_KEY)
