"""Backups made and restored, on both databases and from one to the other."""

import hashlib
import io
import json
import shutil
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from PIL import Image

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.assembly.stores import files_named, metadata
from bixie.imaging.limits import Limits
from bixie.ledger.service import checkpoint, prove
from bixie.ledger.verification import verify
from bixie.orders import repository as orders
from bixie.orders.file_import import read_orders
from bixie.orders.service import import_orders
from bixie.store.backups.restoring import restore
from bixie.store.backups.writing import back_up
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.errors import StoreError
from bixie.store.migration import differences, migrate
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.checking import check
from bixie.vault.models import Role as VaultRole
from bixie.vault.service import Upload, keep_bytes, open_for, receive, stage

OURS = Principal("tenant_ours", "person_1", Role.CLERK)
THEIRS = Principal("tenant_theirs", "person_2", Role.CLERK)
TABLE = "订单号,下单时间,商品名称\n6912345678901234567,2026-03-10 08:15:00,青蟹\n2,,杯\n"


def clock():
    return datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def add_orders(session, table):
    with read_orders(io.BytesIO(table.encode())) as read:
        import_orders(session, list(read.orders), clock)


def picture(colour):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


@pytest.fixture
def filled(store, blobs):
    """A store with two tenants, orders, exhibits and a checkpoint; the id of one exhibit."""
    ids = []
    for principal, colour in ((OURS, "red"), (THEIRS, "blue")):
        with writing(store, principal) as session:
            add_orders(session, TABLE)
            upload = Upload(io.BytesIO(picture(colour)), "打包.png", "2", VaultRole.PACKING)
            with stage(blobs, upload, Limits()) as staged:
                keep_bytes(blobs, principal.tenant, staged)
                ids.append(receive(session, blobs, staged, clock).id)
        check(store, principal, blobs, ids[-1], Limits(), clock=clock)
        with writing(store, principal) as session:
            checkpoint(session, clock)
    return ids[0]


@pytest.fixture
def elsewhere(tmp_path):
    """Where another store may be made."""
    return Location.find(str(tmp_path / "elsewhere"), environment={})


def opened(location):
    return Store(connect(location.url)), DiskBlobs(location.folder / "blobs")


def test_what_was_backed_up_is_restored_whole(store, blobs, filled, tmp_path, elsewhere):
    made = back_up(store, blobs, files_named, tmp_path / "backup", clock=clock)
    assert made.files == 2
    target, files = opened(elsewhere)
    restored = restore(target, files, tmp_path / "backup", metadata(), named=files_named)
    assert (restored.rows, restored.made_at) == (made.rows, "2026-11-25T08:30:00.000Z")
    assert differences(target.engine, metadata()) == []
    with reading_every_tenant(store) as session:
        before = verify(session)
    with reading_every_tenant(target) as session:
        after = verify(session)
    assert (after.events, after.checkpoints) == (before.events, before.checkpoints)
    with writing(target, OURS) as session:
        assert orders.by_number(session, "", "6912345678901234567").ordered_at == datetime(
            2026, 3, 10, 0, 15, tzinfo=UTC
        )
        prove(session, 1).check()
    with open_for(target, OURS, files, filled, "test", clock=clock) as file:
        assert file.read() == picture("red")
    target.close()


def test_a_store_goes_on_where_the_backup_ended(store, blobs, filled, tmp_path, location):
    back_up(store, blobs, files_named, tmp_path / "backup")
    with writing(store, OURS) as session:
        add_orders(session, "订单号\n3\n")
    target, files = opened(Location.find(str(tmp_path / "new"), environment={}))
    restore(target, files, tmp_path / "backup", metadata(), named=files_named)
    with writing(target, OURS) as session:
        assert orders.by_number(session, "", "3") is None
        add_orders(session, "订单号\n4\n")
    with reading_every_tenant(target) as session:
        verify(session)
    target.close()


def test_a_backup_of_sqlite_moves_into_postgresql(store, blobs, filled, tmp_path, location, request):
    """And one of PostgreSQL into PostgreSQL: whichever database the store is on."""
    back_up(store, blobs, files_named, tmp_path / "backup")
    server = request.getfixturevalue("postgresql_server")
    name = "restored_" + location.url.get_backend_name()
    engine = sa.create_engine(Location.find(None, server, environment={}).url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {name}"))
    url = f"{server}?options=-csearch_path%3D{name}"
    target, files = opened(Location.find(str(tmp_path / "moved"), url, environment={}))
    restore(target, files, tmp_path / "backup", metadata(), named=files_named)
    assert differences(target.engine, metadata()) == []
    with reading(target, THEIRS) as session:
        assert orders.count(session) == 2
    with reading_every_tenant(target) as session:
        verify(session)
    target.close()
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(location, tmp_path):
    old = Store(connect(location.url))
    migrate(old.engine, metadata(), to="0002")
    blobs = DiskBlobs(location.folder / "blobs")
    assert back_up(old, blobs, files_named, tmp_path / "backup").revision == "0002"
    old.close()
    target, files = opened(Location.find(str(tmp_path / "new"), environment={}))
    restore(target, files, tmp_path / "backup", metadata(), named=files_named)
    assert differences(target.engine, metadata()) == []
    target.close()


def test_nothing_is_written_over_a_backup_or_what_is_none(store, blobs, tmp_path):
    back_up(store, blobs, files_named, tmp_path / "backup")
    with pytest.raises(StoreError, match="backup_exists"):
        back_up(store, blobs, files_named, tmp_path / "backup")
    for name in ("files/holiday.jpg", "files/2026/08/beach.jpg", "tables/kitchen.txt", "letter.txt"):
        theirs = tmp_path / "other.partial" / name
        theirs.parent.mkdir(parents=True)
        theirs.write_bytes(b"")
        with pytest.raises(StoreError, match="backup_exists"):
            back_up(store, blobs, files_named, tmp_path / "other")
        assert theirs.exists()
        shutil.rmtree(tmp_path / "other.partial")


def test_a_store_that_is_not_whole_gives_no_backup(store, blobs, filled, tmp_path, location):
    one = next(path for path in (location.folder / "blobs" / "tenant_ours").rglob("*") if path.is_file())
    one.chmod(0o600)
    one.write_bytes(b"rotten")
    with pytest.raises(StoreError, match="file_damaged"):
        back_up(store, blobs, files_named, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_backup_without_a_file_that_a_row_speaks_of_is_none(store, filled, tmp_path):
    with pytest.raises(StoreError, match="file_missing"):
        back_up(store, DiskBlobs(tmp_path / "not its files"), files_named, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_backup_is_restored_into_an_empty_store_only(store, blobs, filled, tmp_path):
    back_up(store, blobs, files_named, tmp_path / "backup")
    with pytest.raises(StoreError, match="not_empty"):
        restore(store, blobs, tmp_path / "backup", metadata(), named=files_named)


def test_a_restoring_that_failed_leaves_nothing_and_can_be_tried_again(store, blobs, filled, tmp_path):
    back_up(store, blobs, files_named, tmp_path / "backup")
    shutil.copytree(tmp_path / "backup", tmp_path / "bad")
    line = b'{"id":"order_x"}\n'  # listed with its hash, and yet no row of the table
    (tmp_path / "bad" / "tables" / "orders.jsonl").write_bytes(line)
    document = json.loads((tmp_path / "bad" / "backup.json").read_text(encoding="utf-8"))
    document["tables"]["orders"]["sha256"] = hashlib.sha256(line).hexdigest()
    (tmp_path / "bad" / "backup.json").write_text(json.dumps(document), encoding="utf-8")
    target, files = opened(Location.find(str(tmp_path / "new"), environment={}))
    with pytest.raises(StoreError, match="backup_damaged"):
        restore(target, files, tmp_path / "bad", metadata(), named=files_named)
    assert sa.inspect(target.engine).get_table_names() == []
    restore(target, files, tmp_path / "backup", metadata(), named=files_named)
    with reading(target, OURS) as session:
        assert orders.count(session) == 2
    target.close()


def spoil_row(backup):
    place = backup / "tables" / "orders.jsonl"
    place.write_bytes(place.read_bytes().replace(b"tenant_ours", b"tenant_them"))


def spoil_file(backup):
    one = next(path for path in (backup / "files").rglob("*") if path.is_file())
    one.chmod(0o600)
    one.write_bytes(one.read_bytes()[:-1])


def without_table(backup):
    (backup / "tables" / "orders.jsonl").unlink()


def without_file(backup):
    shutil.rmtree(backup / "files")


def spoil_list(backup):
    (backup / "backup.json").write_text("{}", encoding="utf-8")


def list_elsewhere(backup):
    place = backup / "backup.json"
    document = json.loads(place.read_text(encoding="utf-8"))
    document["tables"]["../../etc"] = {"rows": 0, "sha256": ""}
    place.write_text(json.dumps(document), encoding="utf-8")


def list_files(backup, lines):
    """Write another list of files, with its hash in the manifest."""
    data = b"".join(lines)
    (backup / "files.jsonl").chmod(0o600)
    (backup / "files.jsonl").write_bytes(data)
    place = backup / "backup.json"
    document = json.loads(place.read_text(encoding="utf-8"))
    about = {"rows": len(lines), "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    place.write_text(json.dumps({**document, "files": about}), encoding="utf-8")


def files_listed(backup):
    return (backup / "files.jsonl").read_bytes().splitlines(keepends=True)


def file_elsewhere(backup):
    one = {"space": "../..", "sha256": "0" * 64, "bytes": 1}
    list_files(backup, [*files_listed(backup), json.dumps(one).encode() + b"\n"])


def no_file(backup):
    list_files(backup, [*files_listed(backup), b"[]\n"])


def unlisted_file(backup):
    """And its bytes are gone: nothing in the folder contradicts the manifest, only the rows do."""
    list_files(backup, files_listed(backup)[1:])


def other_list(backup):
    """One of the same size whose hash the manifest does not have."""
    (backup / "files.jsonl").write_bytes(b" " * (backup / "files.jsonl").stat().st_size)


@pytest.mark.parametrize(
    "spoil",
    [
        *(spoil_row, spoil_file, without_table, without_file),
        *(spoil_list, list_elsewhere, file_elsewhere, no_file, unlisted_file, other_list),
    ],
)
def test_of_a_damaged_backup_no_row_is_written(store, blobs, filled, tmp_path, spoil):
    back_up(store, blobs, files_named, tmp_path / "backup")
    spoil(tmp_path / "backup")
    target, files = opened(Location.find(str(tmp_path / "new"), environment={}))
    with pytest.raises(StoreError, match="backup_damaged"):
        restore(target, files, tmp_path / "backup", metadata(), named=files_named)
    assert sa.inspect(target.engine).get_table_names() == []
    target.close()


def test_no_folder_is_no_backup(store, blobs, tmp_path):
    target, files = opened(Location.find(str(tmp_path / "new"), environment={}))
    with pytest.raises(StoreError, match="no_backup"):
        restore(target, files, tmp_path / "nothing", metadata(), named=files_named)
    target.close()


def test_a_backup_of_a_newer_version_is_refused(store, blobs, tmp_path):
    back_up(store, blobs, files_named, tmp_path / "backup")
    place = tmp_path / "backup" / "backup.json"
    document = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps({**document, "revision": "9999"}), encoding="utf-8")
    target, files = opened(Location.find(str(tmp_path / "new"), environment={}))
    with pytest.raises(StoreError, match="newer"):
        restore(target, files, tmp_path / "backup", metadata(), named=files_named)
    target.close()
