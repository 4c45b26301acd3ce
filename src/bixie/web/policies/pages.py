"""``/policies``: packs and versions, differences in words, golden cases, back-tests; publish and retire."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.principal import Role
from bixie.cases.packs import api
from bixie.cases.packs.backtesting import backtest_of_pack
from bixie.cases.packs.lookup import pack_in_force
from bixie.cases.packs.schemas import PolicyIn
from bixie.policies import Backtest
from bixie.policies.loading import MAX_PACK_BYTES
from bixie.web.admin.frame import Field, refused, tenant_visit
from bixie.web.policies.differences import differences, limits_in_words, terms_in_words
from bixie.web.policies.packs import found, golden_results, shown_packs
from bixie.web.services import Services
from bixie.web.visits import Visit

__all__ = ["router"]

_PATH = "/policies"
_ONE = f"{_PATH}/{{key}}"
_EDITORS = frozenset({Role.POLICY_EDITOR, Role.ADMIN})
_READERS = _EDITORS | {Role.REVIEWER}
_TRIED = 1_000
_BAR = 420
"""Width of the widest bar of the chart, in its own units."""


@dataclass(frozen=True, slots=True)
class _Bar:
    """A row of the chart of a back-test: decisions of one outcome."""

    outcome: str
    decisions: int
    changed: int
    y: int
    width: float
    changed_width: float


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    # Long because each endpoint is a function inside: they share `services`.
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def policies(request: Request) -> Response:
        return _list(tenant_visit(request, services, roles=_READERS))

    @routes.post(_PATH)
    def add(
        request: Request,
        csrf: Field,
        text: Annotated[str, Form(max_length=MAX_PACK_BYTES)],
        once: Field = "",
    ) -> Response:
        visit = tenant_visit(request, services, csrf, _EDITORS)

        def work() -> Response:
            made = api.add_policy(visit.call(once), PolicyIn(text=text, pack=None))
            return RedirectResponse(f"{_PATH}/{made.id}", 303)

        return refused(visit, work, lambda status, why: _list(visit, status, refusal=why, text=text))

    @routes.get(_ONE)
    def policy(request: Request, key: str, other: str = "") -> Response:
        return _one(tenant_visit(request, services, roles=_READERS), key, other=other)

    @routes.post(f"{_ONE}/{{what}}")
    def change(request: Request, key: str, what: str, csrf: Field) -> Response:
        visit = tenant_visit(request, services, csrf, _EDITORS)
        do = {"publish": api.publish_policy, "retire": api.retire_policy}.get(what)

        def work() -> Response:
            if do is not None:
                do(visit.call(), key)
            return RedirectResponse(f"{_PATH}/{key}", 303)

        return refused(visit, work, lambda status, why: _one(visit, key, status, refusal=why))

    return routes


def _list(visit: Visit, status: int = 200, *, refusal: str | None = None, text: str = "") -> Response:
    with visit.call().reading() as session:
        in_force = pack_in_force(session, visit.services.clock())
        packs = shown_packs(session)
    return visit.page(
        "policies/policies.html",
        status,
        packs=packs,
        in_force=in_force,
        refusal=refusal,
        text=text,
        edits=visit.principal.role in _EDITORS,
    )


def _one(
    visit: Visit, key: str, status: int = 200, *, other: str = "", refusal: str | None = None
) -> Response:
    edits = visit.principal.role in _EDITORS
    with visit.call().reading() as session:
        one, packs = found(session, key), shown_packs(session)
        compared = found(session, other) if other else None
        tried, more = backtest_of_pack(session, one.pack, _TRIED) if edits else (None, False)
    faults = api.get_policy(visit.call(), key).faults if one.state == "draft" and one.row is not None else []
    return visit.page(
        "policies/policy.html",
        status,
        one=one,
        others=[each for each in packs if each.key != key],
        compared=compared,
        differences=None if compared is None else differences(compared.pack, one.pack),
        terms=terms_in_words(one.pack),
        limits=limits_in_words(one.pack),
        golden=golden_results(one.pack),
        faults=faults,
        edits=edits,
        refusal=refusal,
        **_chart(tried, more),
    )


def _chart(tried: Backtest | None, more: bool) -> dict[str, Any]:
    if tried is None:
        return {"tried": None, "bars": [], "more": False}
    most = max((row.decisions for row in tried.outcomes), default=0)
    bars = []
    for number, row in enumerate(tried.outcomes):
        changed = row.decisions - row.unchanged
        scale = _BAR / most
        bars.append(
            _Bar(row.outcome, row.decisions, changed, 36 * number, row.decisions * scale, changed * scale)
        )
    return {"tried": tried, "bars": bars, "more": more}
