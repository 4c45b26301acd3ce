"""Files of a case as its buyer sees them: pictures, reports, the letter, the case file, the QR code."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from bixie.cases import files_api, hearing_api
from bixie.cases.claims.api import get_picture
from bixie.cases.letters.api import LetterQuery, get_letter
from bixie.vault.renditions import LongSide
from bixie.web.buyer.qr_code import qr_svg
from bixie.web.buyer.visits import open_visit
from bixie.web.pages import language_of
from bixie.web.services import Services

__all__ = ["add"]

_INLINE = {"Content-Disposition": "inline"}


def add(routes: APIRouter, services: Services) -> None:
    """Add the endpoints."""
    _add_files(routes, services)
    _add_documents(routes, services)


def _add_files(routes: APIRouter, services: Services) -> None:
    @routes.get("/{token}/pictures/{name}")
    def example(request: Request, token: str, name: str) -> Response:
        visit = open_visit(request, services, token)
        return get_picture(visit.call(), name)

    @routes.get("/{token}/files/{exhibit}")
    def content(request: Request, token: str, exhibit: str) -> Response:
        visit = open_visit(request, services, token)
        found = files_api.get_case_content(visit.call(), visit.case, exhibit, visit.asked)
        found.headers.update(_INLINE)
        return found

    @routes.get("/{token}/files/{exhibit}/rendition")
    def rendition(
        request: Request, token: str, exhibit: str, if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        visit = open_visit(request, services, token)
        small = files_api.AskedPicture(side=None, zone=None, pixels=LongSide.SMALL)
        return files_api.get_case_rendition(visit.call(), visit.case, exhibit, small, if_none_match)


def _add_documents(routes: APIRouter, services: Services) -> None:
    @routes.get("/{token}/reports/{report}")
    def report(request: Request, token: str, report: str) -> Response:
        visit = open_visit(request, services, token)
        return files_api.get_case_page(visit.call(), visit.case, report, visit.asked)

    @routes.get("/{token}/letter")
    def letter(request: Request, token: str, appeal: bool = False) -> Response:
        visit = open_visit(request, services, token)
        query = LetterQuery(lang=language_of(request), side=None, decision=None, appeal=appeal)
        return get_letter(visit.call(), visit.case, query)

    @routes.post("/{token}/file")
    def case_file(request: Request, token: str) -> Response:
        visit = open_visit(request, services, token)
        found = hearing_api.get_file(visit.call(), visit.case, visit.asked)
        return visit.page("buyer/file.html", file=found)

    @routes.get("/{token}/file")
    def reload_file(request: Request, token: str) -> Response:
        return open_visit(request, services, token).back()

    @routes.get("/{token}/qr.svg")
    def code(request: Request, token: str) -> Response:
        visit = open_visit(request, services, token)
        address = str(request.base_url).rstrip("/") + visit.path
        return Response(qr_svg(address), media_type="image/svg+xml")
