"""Files of evidence and reports about them, as the vault and a worker leave them; nothing is decoded."""

import io
import json
from types import MappingProxyType

from PIL import Image

from bixie.access.tenancy import writing
from bixie.examinations.models import Examination
from bixie.imaging.limits import Limits
from bixie.kit.ids import new_id
from bixie.ledger.service import NewEvent, append
from bixie.vault.documents import keep_document, store_document
from bixie.vault.models import Role, State
from bixie.vault.service import Upload, found, keep_bytes, receive, stage

FINDING = {
    "examiner": "derivation",
    "code": "derivation.known_picture_edited",
    "grade": "conclusive",
    "explain": {"en": "It is the listing's photo, changed.", "zh": "与商品展示图为同一张照片，内容有改动。"},
    "limits": {"en": "It does not say who changed it.", "zh": "不说明是谁改动的。"},
}


def picture(shade=0, size=8):
    file = io.BytesIO()
    Image.new("RGB", (size, size), (shade, 40, 90)).save(file, "PNG")
    return file.getvalue()


def keep(shop, blobs, role=Role.CLAIM, data=None, order="A1", name="IMG_1.png"):
    """Keep a file for an order; return its id."""
    upload = Upload(io.BytesIO(data or picture()), name, order, role, shop.merchant)
    with stage(blobs, upload, Limits()) as staged, writing(shop.store, shop.program) as session:
        keep_bytes(blobs, shop.tenant, staged)
        exhibit = receive(session, blobs, staged, shop.clock)
        exhibit.state = str(State.KEPT)
        append(session, [NewEvent("exhibit.checked", exhibit.id, {}, rows=(exhibit,))], shop.clock)
        return exhibit.id


def report(
    shop, blobs, exhibit_id, verdict, on_examined=lambda *_: None, *, findings=None, more=MappingProxyType({})
):
    """Keep a report about a file, as the job of examining does; return the examination's id."""
    if findings is None:
        findings = [FINDING] if verdict in ("refuted", "suspect") else []
    document = {
        "exhibits": [{"id": exhibit_id, "verdict": verdict, "findings": findings, **more}],
        "known": [],
    }
    stored = store_document(blobs, shop.tenant, json.dumps(document).encode(), {"index.html": b"<p>"})
    with writing(shop.store, shop.program) as session:
        about = [found(session, exhibit_id)]
        kept = keep_document(session, blobs, stored, "report.json", about=about, clock=shop.clock)
        made = Examination(
            id=new_id("examination", shop.clock),
            tenant=shop.tenant,
            party=kept.party,
            exhibit_id=exhibit_id,
            report_id=kept.id,
            verdict=verdict,
            exhibits=[
                {
                    "exhibit": exhibit_id,
                    "verdict": verdict,
                    "examiner": findings[0]["examiner"] if findings else None,
                }
            ],
            version="1",
            examined_at=shop.clock(),
        )
        session.add(made)
        append(session, [NewEvent("exhibit.examined", exhibit_id, {}, rows=(made,))], shop.clock)
        on_examined(session, made)
        return made.id
