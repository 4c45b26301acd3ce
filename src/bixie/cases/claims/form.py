"""Builds the form of a claim for a service, goods that have arrived or not, and a category."""

from typing import Any

from bixie.cases.claims.errors import ClaimError
from bixie.cases.claims.options import ClaimOptions, Reason, find
from bixie.kit.messages import Language, catalogue

__all__ = ["FIELDS", "PICTURES", "claim_form"]

PICTURES = "/api/v1/claim-options/pictures/{role}.svg"
"""Address of a drawn example of what a file should show."""

FIELDS = {
    "items": True,
    "received": True,
    "service": True,
    "reason": True,
    "label": False,
    "amount": False,
    "text": False,
    "exhibits": False,
}
"""Fields in the order in which shops ask, and whether each is always needed."""

_LISTS = (
    *("categories", "asks", "damage_levels", "negotiate_forms", "reject_reasons", "appeal_reasons"),
    *("decision_reasons", "more_time_reasons", "merchant_options", "notices"),
)


def claim_form(
    options: ClaimOptions,
    *,
    service: str | None = None,
    received: bool | None = None,
    category: str | None = None,
    language: Language | None = None,
) -> dict[str, Any]:
    """Return the form as `ClaimOptionsOut` has it.

    Parameters
    ----------
    options : ClaimOptions
    service : str, optional
        Only reasons for which this may be asked.
    received : bool, optional
        Only services and reasons for goods that have arrived, or have not.
    category : str, optional
        A key of the options, or a shop's own word.
    language : {"zh", "en"}, optional
        Texts in one language; in both without it.

    Raises
    ------
    ClaimError
        ``claims.no_such_service``.
    """
    if service is not None and find(options.services, service) is None:
        raise ClaimError("claims.no_such_service")
    goods = options.category_of(category)
    whole = options.model_dump()
    words = catalogue("bixie.cases.claims")
    form: dict[str, Any] = {name: whole[name] for name in ("version", "limits", *_LISTS)}
    form["category"] = goods
    form["fields"] = [
        {"key": key, "title": words.text(f"claims.field.{key}").to_dict(), "required": required}
        for key, required in FIELDS.items()
    ]
    form["services"] = [one for one in whole["services"] if received is not False or not one["needs_goods"]]
    form["reasons"] = [
        _reason(options, one, goods, received)
        for one in options.reasons
        if one.suits(goods) and _may_ask(one, service, received)
    ]
    form["roles"] = [one | {"picture": PICTURES.format(role=one["key"])} for one in whole["roles"]]
    return form if language is None else _in_language(form, language)


def _may_ask(reason: Reason, service: str | None, received: bool | None) -> bool:
    services = reason.services(received)
    return bool(services) if service is None else service in services


def _reason(options: ClaimOptions, reason: Reason, category: str, received: bool | None) -> dict[str, Any]:
    labels = (one for one in options.labels if reason.key in one.reasons and category in one.categories)
    return reason.model_dump(include={"key", "title", "text_required", "return_right"}) | {
        "services": list(reason.services(received)),
        "labels": [one.model_dump(include={"key", "title", "text_required"}) for one in labels],
        "evidence": [one.model_dump() for one in options.needs(reason.key, category)],
    }


def _in_language(document: Any, language: Language) -> Any:
    """Return a document with the texts of one language in place of both."""
    if isinstance(document, dict):
        if set(document) == {"en", "zh"}:
            return document[language]
        return {name: _in_language(value, language) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [_in_language(one, language) for one in document]
    return document
