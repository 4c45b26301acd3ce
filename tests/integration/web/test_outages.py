"""A database or disk that goes away and comes back."""

import pytest
from tests.integration.web.service import picture

from bixie.store.errors import StoreError

PATHS = ("/api/v1/orders", "/api/v1/ledger/events", "/readyz")


@pytest.fixture
def away(store, location, request):
    """Take the database away and bring it back."""

    class Away:
        def __enter__(self):
            store.engine.dispose()
            if store.engine.dialect.name == "sqlite":
                self.file = location.folder / "bixie.sqlite3"
                self.file.rename(self.file.with_suffix(".away"))
                self.file.mkdir()
            else:
                self.earlier = store.engine.pool._creator
                store.engine.pool._creator = self.refused

        def refused(self, *_):
            import psycopg

            raise psycopg.OperationalError("connection to server at 127.0.0.1 failed")

        def __exit__(self, *_):
            if store.engine.dialect.name == "sqlite":
                self.file.rmdir()
                self.file.with_suffix(".away").rename(self.file)
            else:
                store.engine.pool._creator = self.earlier

    return Away()


def test_a_database_that_goes_away_is_told_without_its_address_and_comes_back(ours, nobody, away):
    order = ours.post("/api/v1/orders", {"number": "1"}, Idempotency_Key="1").json()
    with away:
        for path in PATHS:
            answer = ours.get(path)
            assert (answer.status, answer.code) == (503, "store.unreachable")
            assert "127.0.0.1" not in answer.body.decode()
            assert answer.headers["retry-after"]
        assert ours.post("/api/v1/orders", {"number": "2"}).status == 503
        assert nobody.get("/healthz").status == 200
    assert [ours.get(path).status for path in PATHS] == [200, 200, 200]
    assert ours.post("/api/v1/orders", {"number": "1"}, Idempotency_Key="1").json() == order
    assert len(ours.get("/api/v1/orders").json()["items"]) == 1


def test_a_full_disk_is_told_and_nothing_is_changed(ours, blobs, monkeypatch):
    def full(*_):
        raise StoreError("store.full")

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "receiving", full)
        for answer in (ours.exhibit(picture()), ours.get("/readyz")):
            assert (answer.status, answer.code) == (503, "store.full")
    assert ours.get("/api/v1/exhibits").json()["items"] == []
    assert ours.exhibit(picture()).status == 201


def test_a_full_disk_while_a_form_arrives_is_told_too(ours, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("starlette.formparsers.SpooledTemporaryFile", full)
        answer = ours.exhibit(picture())
    assert (answer.status, answer.code) == (503, "store.files")


def test_a_store_that_is_not_migrated_is_not_ready(nobody, store):
    import sqlalchemy as sa

    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert nobody.get("/readyz").code == "store.not_migrated"
