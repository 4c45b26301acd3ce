"""What the page asks for: a run, its files, how far it is, its report."""

import tempfile
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from bixie.access.body_limit import body_limit
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language
from bixie.report.saving import PAGE
from bixie.web.check import page
from bixie.web.check.access import Access
from bixie.web.check.arrival import receive
from bixie.web.check.errors import CheckError
from bixie.web.check.run import Run, Side, State, Visitor
from bixie.web.check.runs import Runs
from bixie.web.sign_in import PATH as SIGN_IN

__all__ = ["PATH", "router"]

PATH = "/check"
_FRAMED = {"X-Frame-Options": "SAMEORIGIN"}


class Start(BaseModel):
    """How a run begins."""

    order: dict[str, Any] = {}
    """The order document, checked where the run starts."""
    language: Language = "zh"


def router(runs: Runs, access: Access) -> APIRouter:
    """Return the page and its endpoints.

    Parameters
    ----------
    runs : Runs
        Whoever makes them closes them.
    access : Access
        Who may use the page.
    """
    # Long because each endpoint is a function inside: they share `runs` and `access`.
    made = APIRouter(prefix=PATH, include_in_schema=False)
    own_site = [Depends(access.visitor), Depends(access.check_own)]
    visiting = Annotated[Visitor, Depends(access.visitor)]

    def found(run_id: str, visitor: visiting) -> Run:
        return runs.find(run_id, visitor)

    def done(run: Annotated[Run, Depends(found)]) -> Run:
        if run.state is not State.DONE:
            raise CheckError("check.no_report", 404)
        return run

    @made.get("")
    def show(request: Request) -> Response:
        try:
            access.visitor(request)
        except CheckError:
            return RedirectResponse(f"{SIGN_IN}?next={PATH}", 303)
        principal, csrf = access.person(request)
        return page.check_page(request, runs.limits, principal, csrf)

    @made.post("/runs", status_code=201, dependencies=own_site)
    def begin(visitor: visiting) -> dict[str, Any]:
        return {"id": runs.begin(visitor).id}

    @made.put("/runs/{run_id}/{side}", status_code=201, dependencies=own_site)
    @body_limit(lambda limits: limits.max_file_bytes)
    async def give(request: Request, run: Annotated[Run, Depends(found)], side: Side, name: str) -> Any:
        announced = int(request.headers.get("content-length") or runs.limits.max_file_bytes)
        body = _touching(request, runs, run)
        try:
            given = runs.new_file(run, side, name, announced)
            try:
                size = await receive(body, given.path, runs.limits, announced)
            except BaseException:
                runs.discard(run, given)
                raise
            kept = await run_in_threadpool(runs.add, run, side, given)
        except BixieError:
            async for _ in body:
                pass  # a browser reads no answer before everything is sent
            raise
        return {"name": kept.name, "size": size}

    @made.post("/runs/{run_id}", status_code=202, dependencies=own_site)
    def start(run: Annotated[Run, Depends(found)], asked: Start) -> dict[str, Any]:
        runs.start(run, asked.order, asked.language)
        return _standing(run)

    @made.get("/runs/{run_id}")
    def standing(run: Annotated[Run, Depends(found)]) -> dict[str, Any]:
        return _standing(run)

    @made.delete("/runs/{run_id}", status_code=204, dependencies=own_site)
    def drop(run_id: str, visitor: visiting) -> None:
        runs.drop(run_id, visitor)

    @made.get("/runs/{run_id}/report")
    def report(run: Annotated[Run, Depends(done)]) -> Response:
        headers = {**_FRAMED, "Content-Security-Policy": "frame-ancestors 'self'"}
        return FileResponse(run.report / PAGE, media_type="text/html", headers=headers)

    @made.get("/runs/{run_id}/report.html")
    def save_page(run: Annotated[Run, Depends(done)], name: str = "report") -> Response:
        return FileResponse(run.report / PAGE, media_type="text/html", headers=_download(f"{name}.html"))

    @made.get("/runs/{run_id}/report.zip")
    def save_all(run: Annotated[Run, Depends(done)], name: str = "report") -> Response:
        packed = _packed(run)
        return FileResponse(
            packed,
            media_type="application/zip",
            headers=_download(f"{name}.zip"),
            background=BackgroundTask(packed.unlink, missing_ok=True),
        )

    return made


async def _touching(request: Request, runs: Runs, run: Run) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        runs.touch(run)  # a large file takes its time, and meanwhile the page asks nothing
        yield chunk


def _standing(run: Run) -> dict[str, Any]:
    return {
        "state": run.state.value,
        "known": {"done": run.known.done, "total": run.known.total},
        "claim": {"done": run.claim.done, "total": run.claim.total},
        "verdict": run.verdict,
        "message": run.message.to_dict() if run.message else None,
    }


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def _packed(run: Run) -> Path:
    with tempfile.NamedTemporaryFile(dir=run.folder, suffix=".zip", delete=False) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(run.report.rglob("*")):
                if path.is_file():
                    archive.write(path, f"report/{path.relative_to(run.report).as_posix()}")
        return Path(file.name)
