"""What the pages of administration share: who may see them, and the list of them in their head."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from fastapi import Form, Request, Response
from pydantic import ValidationError

from bixie.access.principal import Principal, Role
from bixie.kit.errors import BixieError
from bixie.web.errors import WebError
from bixie.web.pages import refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["ADMINS", "Field", "admin_page", "admin_visit", "invalid", "refused", "tenant_visit"]

ADMINS = frozenset({Role.ADMIN})
_MAX_FIELD = 1_000
Field = Annotated[str, Form(max_length=_MAX_FIELD)]
"""A field of a form."""


class _Part(NamedTuple):
    path: str
    key: str
    only_tenant: bool = False


_PARTS = (
    _Part("/admin/people", "people"),
    _Part("/keys", "keys"),
    _Part("/admin/webhooks", "webhooks"),
    _Part("/admin/jobs", "jobs", only_tenant=True),
    _Part("/admin/audit", "audit"),
    _Part("/admin/ledger", "ledger", only_tenant=True),
    _Part("/admin/errors", "errors", only_tenant=True),
    _Part("/docs", "docs"),
)


def admin_visit(request: Request, services: Services, csrf: str | None = None) -> Visit:
    """Return the visit of an admin, of the tenant or of a merchant on its platform."""
    return visit_of(request, services, ADMINS, csrf=csrf)


def tenant_visit(
    request: Request,
    services: Services,
    csrf: str | None = None,
    roles: frozenset[Role] = ADMINS,
) -> Visit:
    """Return the visit of an admin of the tenant itself.

    Raises
    ------
    WebError
        ``web.not_your_page`` also for an admin of a merchant.
    """
    visit = visit_of(request, services, roles, csrf=csrf)
    if visit.principal.party is not None:
        raise WebError("web.not_your_page", 403)
    return visit


def admin_page(visit: Visit, template: str, status: int = 200, /, **values: Any) -> Response:
    """Return a page of administration with the list of its pages."""
    return visit.page(f"admin/{template}", status, parts=_parts_of(visit.principal), **values)


def _parts_of(principal: Principal) -> list[_Part]:
    if principal.role is not Role.ADMIN:
        return []
    return [one for one in _PARTS if principal.party is None or not one.only_tenant]


def refused(visit: Visit, work: Callable[[], Response], show: Callable[[int, str], Response]) -> Response:
    """Do what a form asks for; a refusal shows the form again.

    Parameters
    ----------
    visit : Visit
    work : callable
        Does it and returns where to go.
    show : callable
        Returns the page with the form, for a status and the sentence of the refusal.
    """
    try:
        return work()
    except (BixieError, ValidationError) as error:
        found = error if isinstance(error, BixieError) else invalid(error)
        return show(found.status, refusal_of(visit.request, found))


def invalid(error: ValidationError) -> BixieError:
    """Return what is wrong with a form, as the API says it: the names of the fields."""
    names = ", ".join(dict.fromkeys(".".join(map(str, one["loc"])) for one in error.errors()))
    return WebError("web.invalid", 422, fields=names)
