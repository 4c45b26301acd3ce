"""``/admin/jobs``: tasks of the tenant that were given up, such as undelivered messages; try them again."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.jobs import repository
from bixie.jobs.models import State
from bixie.jobs.service import retry
from bixie.kit.messages import Text, catalogue
from bixie.web.admin.frame import Field, admin_page, refused, tenant_visit
from bixie.web.services import Services
from bixie.web.visits import Visit

__all__ = ["router"]

_PATH = "/admin/jobs"
_JOBS = 50


@dataclass(frozen=True, slots=True)
class _Dead:
    """A task that was given up."""

    id: str
    name: Text
    why: Text | None
    failures: int
    ended_at: datetime | None


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def jobs(request: Request, after: str | None = None) -> Response:
        return _page(tenant_visit(request, services), after=after)

    @routes.post(f"{_PATH}/{{job_id}}/retry")
    def again(request: Request, job_id: str, csrf: Field) -> Response:
        visit = tenant_visit(request, services, csrf)

        def work() -> Response:
            with visit.call().writing() as session:
                retry(session, job_id, tenant=visit.principal.tenant, clock=services.clock)
            return RedirectResponse(f"{_PATH}?done=1", 303)

        return refused(visit, work, lambda status, why: _page(visit, status, refusal=why))

    return routes


def _page(
    visit: Visit, status: int = 200, *, after: str | None = None, refusal: str | None = None
) -> Response:
    tenant = visit.principal.tenant
    with visit.call().reading() as session:
        rows = repository.page(session, tenant=tenant, states=[State.DEAD], after=after, limit=_JOBS + 1)
        dead = [
            _Dead(
                row.id,
                _name(row.kind),
                Text(row.error["en"], row.error["zh"]) if row.error else None,
                row.failures,
                row.ended_at,
            )
            for row in rows[:_JOBS]
        ]
    more = dead[-1].id if len(rows) > _JOBS else None
    done = visit.request.query_params.get("done") == "1"
    return admin_page(visit, "jobs.html", status, dead=dead, more=more, refusal=refusal, done=done)


def _name(kind: str) -> Text:
    words, key = catalogue("bixie.web.admin"), f"job.{kind}"
    return words.text(key) if key in words.sentences else Text(kind, kind)
