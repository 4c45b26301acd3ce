"""Folders that are no honest backup: links out of them, pipes, devices, files without end."""

import hashlib
import json
import os
import shutil
from itertools import product

import pytest
import sqlalchemy as sa

from bixie.assembly.stores import files_named, metadata
from bixie.store.backups.manifest import read_manifest
from bixie.store.backups.restoring import restore
from bixie.store.backups.writing import back_up
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.errors import StoreError
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

SHA256 = hashlib.sha256(b"one").hexdigest()
FILE = f"files/tenant_ours/{SHA256[:2]}/{SHA256}"
TABLE = "tables/orders.jsonl"
WITHOUT_END = 1 << 43
"""Bytes of a file without end: reading it would take hours. Common file systems stop at 16 TiB."""


@pytest.fixture(scope="module")
def honest(sqlite_template, tmp_path_factory):
    """A backup with one file; not to be changed."""
    folder = tmp_path_factory.mktemp("honest")
    shutil.copy(sqlite_template, folder)
    store = Store(connect(Location.find(str(folder), environment={}).url))
    blobs = DiskBlobs(folder / "blobs")
    with blobs.receiving([b"one"]) as received:
        blobs.keep("tenant_ours", received)
    back_up(store, blobs, files_named, folder / "backup")
    store.close()
    return folder / "backup"


def link_to_a_copy(path):
    """The same bytes, behind a link: a plain check of hashes does not notice."""
    target = path.with_name("away").absolute()
    path.rename(target)
    path.symlink_to(target)


def link_to_a_device(path):
    path.unlink()
    path.symlink_to("/dev/zero")


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def folder(path):
    path.unlink()
    path.mkdir()


def folder_behind_a_link(path):
    away = path.parent.with_name("away")
    path.parent.rename(away)
    path.parent.symlink_to(away)


CHANGES = [
    *product((FILE, TABLE, "files.jsonl", "backup.json"), (link_to_a_copy, link_to_a_device, pipe, folder)),
    (FILE, folder_behind_a_link),
    (TABLE, folder_behind_a_link),
]


@pytest.mark.parametrize(("entry", "change"), CHANGES)
def test_only_plain_files_inside_the_folder_are_read(honest, tmp_path, entry, change):
    shutil.copytree(honest, tmp_path / "backup")
    change(tmp_path / "backup" / entry)
    named = refused(tmp_path, "store.backup_not_plain")
    # Of several files behind one link the first is named.
    assert named.endswith(entry.rpartition("/")[2]) or change is folder_behind_a_link


@pytest.mark.parametrize("entry", [FILE, TABLE, "files.jsonl"])
def test_a_file_of_another_size_is_not_read(honest, tmp_path, entry):
    shutil.copytree(honest, tmp_path / "backup")
    (tmp_path / "backup" / entry).chmod(0o600)
    os.truncate(tmp_path / "backup" / entry, WITHOUT_END)
    assert entry.endswith(refused(tmp_path, "store.backup_damaged").rpartition("/")[2])


def test_a_manifest_without_end_is_not_read(honest, tmp_path):
    shutil.copytree(honest, tmp_path / "backup")
    os.truncate(tmp_path / "backup" / "backup.json", WITHOUT_END)
    assert refused(tmp_path, "store.backup_damaged") == "backup.json"


@pytest.mark.parametrize(
    "about",
    [
        {"sha256": SHA256},
        {"rows": 1},
        {"rows": "x", "sha256": SHA256},
        {"rows": -1, "sha256": SHA256},
        {"rows": True, "sha256": SHA256},
        {"rows": 1, "sha256": 7},
        {"rows": 1, "sha256": SHA256, "bytes": "x"},
        [],
        7,
    ],
)
def test_what_a_manifest_says_of_a_table_is_whole_or_refused(honest, tmp_path, about):
    document = json.loads((honest / "backup.json").read_text(encoding="utf-8"))
    document["tables"][next(iter(document["tables"]))] = about
    (tmp_path / "backup.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        read_manifest(tmp_path)
    assert (caught.value.code, caught.value.values["file"]) == ("store.backup_damaged", "backup.json")


@pytest.mark.parametrize("sizes", [True, False])
def test_a_backup_of_an_earlier_version_without_sizes_or_a_list_is_restored(honest, tmp_path, sizes):
    shutil.copytree(honest, tmp_path / "backup")
    (tmp_path / "backup" / "files.jsonl").unlink()
    place = tmp_path / "backup" / "backup.json"
    document = json.loads(place.read_text(encoding="utf-8"))
    document |= {"schema": "bixie.backup/1", "files": [f"tenant_ours/{SHA256}"]}
    if sizes:
        document["file_bytes"] = [3]
    else:
        for about in document["tables"].values():
            del about["bytes"]
    place.write_text(json.dumps(document), encoding="utf-8")
    store, blobs = empty(tmp_path)
    assert restore(store, blobs, tmp_path / "backup", metadata(), named=files_named).files == 1
    store.close()


def empty(tmp_path):
    location = Location.find(str(tmp_path / "new"), environment={})
    return Store(connect(location.url)), DiskBlobs(location.folder / "blobs")


def refused(tmp_path, code):
    """Restore; return which file the refusal names."""
    store, blobs = empty(tmp_path)
    with pytest.raises(StoreError) as caught:
        restore(store, blobs, tmp_path / "backup", metadata(), named=files_named)
    assert caught.value.code == code
    assert sa.inspect(store.engine).get_table_names() == []
    store.close()
    return caught.value.values["file"]
