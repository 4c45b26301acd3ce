"""Backups and restores that were interrupted: taken over, started over, and never mistaken for whole."""

import hashlib
import shutil

import pytest
import sqlalchemy as sa

from bixie.access.tenancy import reading_every_tenant
from bixie.assembly.stores import existing_store, files_named, metadata, ready_store, store_to_change
from bixie.cli.main import main
from bixie.kit.file_lock import FileLock
from bixie.ledger.verification import verify
from bixie.store.backups import manifest
from bixie.store.backups.marker import mark
from bixie.store.backups.restoring import restore
from bixie.store.backups.writing import back_up
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.errors import StoreError
from bixie.store.migration import migrate
from bixie.store.object_blobs import ObjectBlobs
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

FILES = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("one", "two", "three")}


@pytest.fixture
def blobs(location):
    """Three files that no row names."""
    blobs = DiskBlobs(location.folder / "blobs")
    for name in FILES:
        keep(blobs, name)
    return blobs


def keep(blobs, name):
    with blobs.receiving([name.encode()]) as received:
        blobs.keep("tenant_ours", received)


def path_in(folder, name):
    return folder / "files" / "tenant_ours" / FILES[name][:2] / FILES[name]


@pytest.fixture
def cut_off(store, blobs, tmp_path):
    """What a backup that was killed while it copied files has left."""
    back_up(store, blobs, files_named, tmp_path / "backup")
    partial = tmp_path / "backup.partial"
    (tmp_path / "backup").rename(partial)
    (partial / "backup.json").unlink()
    (partial / "tables" / "orders.jsonl").write_bytes(b"half a l")
    path_in(partial, "two").write_bytes(b"tw")
    path_in(partial, "three").unlink()
    return partial


def test_an_interrupted_backup_is_taken_over(store, blobs, cut_off, tmp_path):
    made = back_up(store, blobs, files_named, tmp_path / "backup")
    assert (made.files, made.resumed) == (3, 1)
    assert {name: path_in(tmp_path / "backup", name).read_text(encoding="utf-8") for name in FILES} == {
        name: name for name in FILES
    }
    assert sorted(one.name for one in tmp_path.iterdir()) == ["backup", "data"]
    target = Store(connect(Location.find(str(tmp_path / "new"), environment={}).url))
    restore(target, DiskBlobs(tmp_path / "new" / "blobs"), tmp_path / "backup", metadata(), named=files_named)
    target.close()


def test_a_backup_with_more_files_than_a_manifest_has_room_for_is_restored(
    store, blobs, tmp_path, monkeypatch
):
    back_up(store, blobs, files_named, tmp_path / "small")
    monkeypatch.setattr(manifest, "_MAX_BYTES", (tmp_path / "small" / "backup.json").stat().st_size + 100)
    for number in range(20):
        with blobs.receiving([b"%d" % number]) as received:
            blobs.keep("tenant_ours", received)
    back_up(store, blobs, files_named, tmp_path / "backup")
    target = Store(connect(Location.find(str(tmp_path / "new"), environment={}).url))
    files = DiskBlobs(tmp_path / "new" / "blobs")
    assert restore(target, files, tmp_path / "backup", metadata(), named=files_named).files == 23
    assert len(list(files.all())) == 23
    target.close()


def test_what_the_store_no_longer_has_leaves_an_interrupted_backup(store, blobs, cut_off, tmp_path):
    blobs.remove("tenant_ours", FILES["one"])
    made = back_up(store, blobs, files_named, tmp_path / "backup")
    assert (made.files, made.resumed) == (2, 0)
    assert not path_in(tmp_path / "backup", "one").exists()


def test_a_file_that_the_store_has_lost_is_not_taken_from_an_interrupted_backup(
    store, blobs, cut_off, tmp_path
):
    blobs.remove("tenant_ours", FILES["one"])
    with pytest.raises(StoreError, match="file_missing"):
        back_up(store, blobs, lambda _: {("tenant_ours", FILES["one"])}, tmp_path / "backup")


def test_a_link_in_what_looks_like_a_left_over_is_not_followed(store, blobs, cut_off, tmp_path):
    shutil.rmtree(cut_off / "tables")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "orders.jsonl").write_bytes(b"precious")
    (cut_off / "tables").symlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match="backup_exists"):
        back_up(store, blobs, files_named, tmp_path / "backup")
    assert (tmp_path / "precious" / "orders.jsonl").read_bytes() == b"precious"


def test_a_backup_that_is_being_written_is_left_alone(store, blobs, cut_off, tmp_path):
    lock = FileLock.try_acquire(tmp_path / "backup.partial.lock")
    with pytest.raises(StoreError, match="backup_running"):
        back_up(store, blobs, files_named, tmp_path / "backup")
    assert (cut_off / "tables" / "orders.jsonl").read_bytes() == b"half a l"
    lock.release()


# Restores. `location` without `store` is an empty database, where a store may be made.


@pytest.fixture
def backup(sqlite_template, tmp_path):
    """A backup of a store with three files."""
    folder = tmp_path / "original"
    folder.mkdir()
    shutil.copy(sqlite_template, folder)
    original = Store(connect(Location.find(str(folder), environment={}).url))
    blobs = DiskBlobs(folder / "blobs")
    for name in FILES:
        keep(blobs, name)
    back_up(original, blobs, files_named, tmp_path / "backup")
    original.close()
    return tmp_path / "backup"


@pytest.fixture
def target(location):
    opened = Store(connect(location.url))
    yield opened
    opened.close()


def killed_early(target):
    """Before the first table."""
    with target.engine.begin() as connection:
        mark(connection)


def killed_late(target):
    """With all tables there and rows in some; it was the backup of another version."""
    killed_early(target)
    migrate(target.engine, metadata(), restoring=True)
    with target.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO ledger_head (tenant, size, hash) VALUES ('other', 0, '')"))
        connection.execute(sa.text("CREATE TABLE of_another_version (id INTEGER)"))


@pytest.mark.parametrize("kill", [killed_early, killed_late])
def test_a_store_whose_restore_was_killed_opens_for_nobody_and_is_restored_anew(
    target, location, backup, kill, capfd, monkeypatch
):
    kill(target)
    for opening in (existing_store, ready_store, store_to_change):
        with pytest.raises(StoreError, match="half_restored"):
            opening(location)
    url = location.url.render_as_string(hide_password=False)
    monkeypatch.setenv("BIXIE_DATABASE_URL", url)
    monkeypatch.setenv("BIXIE_DATA", str(location.folder))
    for words in (["ledger", "verify"], ["backup", str(backup) + "2"], ["tenant", "list"], ["worker"]):
        assert main([*words, "--lang", "en"]) == 2
        assert "run the restore again" in capfd.readouterr().err
    blobs = DiskBlobs(location.folder / "blobs")
    restore(target, blobs, backup, metadata(), named=files_named)
    restored = existing_store(location)
    with reading_every_tenant(restored) as session:
        assert verify(session).events == 0
    restored.close()
    assert sorted(blobs.all()) == sorted(("tenant_ours", sha256) for sha256 in FILES.values())


def test_two_restores_at_once_do_not_drop_each_others_tables(target, location, backup):
    def second():
        another = Store(connect(location.url))
        try:
            with pytest.raises(StoreError, match="restore_running"):
                restore(another, DiskBlobs(location.folder / "blobs"), backup, metadata(), named=files_named)
        finally:
            another.close()

    restore(
        target, DiskBlobs(location.folder / "blobs"), backup, metadata(), named=files_named, verify=second
    )
    existing_store(location).close()


def test_a_restore_into_a_bucket_starts_over_too(target, location, backup, bucket):
    killed_late(target)
    blobs = ObjectBlobs(bucket, location.folder / "blobs")
    keep(blobs, "one")
    restore(target, blobs, backup, metadata(), named=files_named)
    assert sorted(blobs.all()) == sorted(("tenant_ours", sha256) for sha256 in FILES.values())
    existing_store(location).close()


def test_the_mark_lasts_until_rows_were_held_against_the_ledger(target, location, backup):
    def looked_at():
        with pytest.raises(StoreError, match="half_restored"):
            existing_store(location)

    restore(
        target, DiskBlobs(location.folder / "blobs"), backup, metadata(), named=files_named, verify=looked_at
    )
    assert not any("restoring" in one.name for one in location.folder.iterdir())
