"""``/api/v1/cases/{id}/package``: the evidence of a case in one file that anyone can check."""

import os
import tempfile
from contextlib import suppress
from typing import Any, BinaryIO, cast

from fastapi import APIRouter, Response

from bixie.access.call import Call
from bixie.cases.access import case_call
from bixie.cases.requests import SIDES, Asked, Asks, CurrentCall
from bixie.dossier.building import build_package
from bixie.ledger.timestamps import named_authorities
from bixie.vault.api import OpenFileResponse

__all__ = ["package_answer", "router"]

router = APIRouter(prefix="/api/v1/cases", tags=["packages"])

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post("/{case_id}/package", response_class=Response, responses=_ZIP)
def make_package(call: CurrentCall, case_id: str, asked: Asks) -> Response:
    """Build the package of a case: what both sides may see, sealed; the ledger records it.

    Each side may have it. `bixie package verify`, and two verifiers inside of it, check it offline.
    """
    return package_answer(call, case_id, asked)


def package_answer(call: Call, case_id: str, asked: Asked) -> Response:
    """Answer with the package of a case.

    Parameters
    ----------
    call : Call
    case_id : str
    asked : Asked
        The side that a program acts for.
    """
    call.allow(SIDES)
    inner, _ = case_call(call, case_id, asked.side)
    # The response closes it. On Windows its type is a wrapper that does what a BinaryIO does.
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
    try:
        build_package(
            inner.store,
            inner.principal,
            inner.blobs,
            case_id,
            file,
            authorities=named_authorities(),
            clock=inner.clock,
        )
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": f'attachment; filename="{case_id}.zip"',
    }
    return OpenFileResponse(file, media_type="application/zip", headers=headers)
