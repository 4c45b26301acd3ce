"""A vault with a picture in it, on both databases."""

import io
from datetime import UTC, datetime

import pytest
from tests.integration.web.service import picture

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading_every_tenant, writing
from bixie.imaging.limits import Limits
from bixie.ledger.verification import verify
from bixie.store.blobs import DiskBlobs
from bixie.vault.checking import check
from bixie.vault.documents import keep_document, store_document
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.service import Upload, keep_bytes, receive, stage

OURS = Principal("tenant_ours", "person_1", Role.ADMIN)
THEIRS = Principal("tenant_theirs", "person_2", Role.ADMIN)
NUMBER = "4012345678901234567"
THEN = datetime(2020, 1, 1, tzinfo=UTC)
NAME = "张三的照片.png"
PNG = picture()


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


@pytest.fixture
def keep(store, blobs):
    """Return a function that keeps a picture."""

    def kept(data=PNG, number=NUMBER, role=ExhibitRole.CLAIM, principal=OURS, at=THEN):
        upload = Upload(io.BytesIO(data), NAME, number, role)
        with stage(blobs, upload, Limits()) as arrived, writing(store, principal) as session:
            keep_bytes(blobs, principal.tenant, arrived)
            exhibit = receive(session, blobs, arrived, lambda: at)
        return check(store, principal, blobs, exhibit.id, Limits(), clock=lambda: at)

    return kept


@pytest.fixture
def within(store):
    """Return a function that does something in one transaction."""

    def do(work, *given, principal=OURS, **more):
        with writing(store, principal) as session:
            return work(session, *given, **more)

    return do


def written(session, blobs, about, shows=(), files=None):
    """Keep a document about exhibits."""
    document = "".join(one.id for one in about).encode()
    stored = store_document(blobs, session.principal.tenant, document, files)
    return keep_document(session, blobs, stored, "report.json", about=about, shows=[one.id for one in shows])


@pytest.fixture(autouse=True)
def _ledger_holds(store):
    """Whatever a test did, the ledger holds."""
    yield
    with reading_every_tenant(store) as session:
        verify(session)
