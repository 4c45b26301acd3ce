"""Documents that Bixie writes, with their files, on both databases."""

import hashlib

import pytest
from tests.integration.vault.conftest import OURS, written

from bixie.access.tenancy import reading
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.vault.documents import read_document
from bixie.vault.errors import VaultError
from bixie.vault.models import Role


def test_a_document_is_kept_at_once_and_handed_out_with_its_files(store, blobs, keep, within):
    about, shown = keep(), keep(role=Role.LISTING)
    document = within(written, blobs, [about], [shown], {"index.html": b"<p>"})
    assert (document.state, document.role, document.media_type) == ("kept", "report", "application/json")
    assert (document.order_number, document.about) == (about.order_number, about.id)
    assert read_document(store, OURS, blobs, document.id, "test").data == about.id.encode()
    page = read_document(store, OURS, blobs, document.id, "test", name="index.html")
    assert (page.data, page.media_type) == (b"<p>", "text/html")
    with reading(store, OURS) as session:
        custody = [event_from_body(row.body) for row in ledger.events_about(session, document.id)]
    first, read, other = custody
    sha256 = hashlib.sha256(b"<p>").hexdigest()
    assert (first.type, first.data["files"]) == ("exhibit.written", {"index.html": sha256})
    assert {one["table"] for one in first.data["rows"]} == {"exhibit", "document_link", "document_file"}
    assert (read.type, read.data["sha256"]) == ("exhibit.handed_out", document.sha256)
    assert other.data == {"sha256": sha256, "purpose": "test", "file": "index.html"}
    with pytest.raises(VaultError) as refused:
        read_document(store, OURS, blobs, document.id, "test", name="../index.html")
    assert refused.value.code == "vault.no_such_file"
