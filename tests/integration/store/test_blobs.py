"""Files in a folder and in a bucket: whole or not at all."""

import errno
import hashlib
import os
import stat
import time
from pathlib import Path

import obstore
import pytest
from tests.integration.object_store import names

from bixie.store.blobs import TEMPORARY, DiskBlobs
from bixie.store.errors import StoreError
from bixie.store.object_blobs import ObjectBlobs

DATA = bytes(range(256)) * 5000
DESCRIPTORS = Path("/proc/self/fd")
SHA256 = hashlib.sha256(DATA).hexdigest()
PLACE = f"tenant_1/{SHA256[:2]}/{SHA256}"


class OnDisk:
    """A folder for files, looked at from outside."""

    def __init__(self, folder):
        self._folder, self.blobs = folder, DiskBlobs(folder)

    def names(self):
        return files(self._folder)

    def put(self, name, data):
        place = self._folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.write_bytes(data)

    def remove(self, name):
        (self._folder / name).unlink()


class InBucket:
    """A bucket for files, looked at from outside."""

    def __init__(self, bucket, service, folder):
        self._folder, self._inside, self._prefix = folder, service.inside(bucket.name), f"{bucket.prefix}/"
        self.blobs = ObjectBlobs(bucket, folder)

    def names(self):
        # What lies on the local disk would be left behind as well.
        return [name.removeprefix(self._prefix) for name in names(self._inside)] + files(self._folder)

    def put(self, name, data):
        obstore.put(self._inside, self._prefix + name, data)

    def remove(self, name):
        obstore.delete(self._inside, self._prefix + name)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "blobs"


@pytest.fixture(params=["disk", "s3"])
def kept(request, folder):
    """A place for files, of both kinds."""
    if request.param == "disk":
        return OnDisk(folder)
    return InBucket(request.getfixturevalue("bucket"), request.getfixturevalue("s3"), folder)


@pytest.fixture
def blobs(kept):
    return kept.blobs


def keep(blobs, data=DATA, space="tenant_1"):
    with blobs.receiving([data[:7], data[7:]]) as received:
        blobs.keep(space, received)
    return received


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def code_of(call, *arguments):
    with pytest.raises(StoreError) as refusal:
        call(*arguments)
    return refusal.value.code


def test_bytes_are_kept_exactly_under_their_hash(kept, blobs):
    received = keep(blobs)
    assert (received.size, received.sha256) == (len(DATA), SHA256)
    assert kept.names() == [PLACE]
    with blobs.open("tenant_1", SHA256) as file:
        assert file.read() == DATA


def test_the_sm3_is_that_of_the_standard(blobs):
    # GB/T 32905-2016, annex A.1.
    assert keep(blobs, b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_what_is_not_kept_is_taken_away(kept, blobs):
    with blobs.receiving([DATA]) as received:
        assert received.path.read_bytes() == DATA
    assert kept.names() == []


def test_bytes_that_break_off_leave_nothing(kept, blobs):
    def broken():
        yield DATA
        raise ConnectionError

    with pytest.raises(ConnectionError), blobs.receiving(broken()):
        pytest.fail("what broke off was received")
    assert kept.names() == []


def test_what_a_killed_process_left_a_day_ago_is_taken_away_and_nothing_else(blobs, folder):
    with blobs.receiving([DATA]) as arriving:
        old = arriving.path.with_name("old")
        old.write_bytes(b"left")
        os.utime(old, (time.time() - 25 * 3600,) * 2)
        keep(blobs, b"other")
        assert not old.exists()
        assert arriving.path.exists()


@pytest.mark.parametrize(
    "rotten", [b"rot", b"", DATA[:-1] + b"x", DATA + b"x"], ids=["short", "empty", "bit", "long"]
)
def test_the_same_bytes_are_one_file_and_heal_one_that_has_rotted(kept, blobs, rotten):
    keep(blobs)
    kept.put(PLACE, rotten)
    assert code_of(blobs.open, "tenant_1", SHA256) == "store.file_damaged"
    keep(blobs)
    assert kept.names() == [PLACE]
    blobs.open("tenant_1", SHA256).close()


def test_a_file_that_somebody_took_away_is_missing(kept, blobs):
    keep(blobs)
    kept.remove(PLACE)
    assert code_of(blobs.open, "tenant_1", SHA256) == "store.file_missing"
    assert list(blobs.all()) == []


def test_a_file_that_is_removed_is_gone_and_may_be_removed_again(kept, blobs):
    keep(blobs)
    keep(blobs, space="tenant_2")
    for _ in range(2):
        blobs.remove("tenant_1", SHA256)
        assert kept.names() == [PLACE.replace("tenant_1", "tenant_2")]
    assert code_of(blobs.open, "tenant_1", SHA256) == "store.file_missing"


def test_what_is_in_passing_is_kept_and_listed_nowhere(kept, blobs):
    keep(blobs, space=TEMPORARY)
    assert list(blobs.all()) == []
    with blobs.open(TEMPORARY, SHA256) as file:
        assert file.read() == DATA
    blobs.remove(TEMPORARY, SHA256)
    assert kept.names() == []


def test_all_are_those_that_were_kept_and_nothing_else(kept, blobs):
    others = {keep(blobs, bytes([number]), f"tenant_{number % 2}").sha256 for number in range(60)}
    keep(blobs)
    for stray in (
        "notes.txt",
        f"tenant_1/00/{SHA256}",
        f"Tenant/{SHA256[:2]}/{SHA256}",
        f"incoming/{PLACE[9:]}",
    ):
        kept.put(stray, b"stray")
    kept.put(f"tenant_1/{SHA256[:2]}/more/{SHA256}", b"stray")
    found = list(blobs.all())
    assert len(found) == 61
    assert {sha256 for _, sha256 in found} == {SHA256} | others
    assert ("tenant_1", SHA256) in found


def test_a_tenants_file_is_not_anothers(blobs):
    keep(blobs)
    assert code_of(blobs.open, "tenant_2", SHA256) == "store.file_missing"


@pytest.mark.parametrize("space", ["", "..", "a/b", "incoming", "Tenant", "a" * 101, "tenant\n", ".hidden"])
def test_a_space_that_is_no_plain_word_is_a_defect(blobs, space):
    with pytest.raises(ValueError, match=SHA256):
        keep(blobs, space=space)


@pytest.mark.parametrize("sha256", ["", "..", "a" * 63, "A" * 64, "../" + "a" * 61])
def test_a_hash_that_is_none_is_a_defect(blobs, sha256):
    with pytest.raises(ValueError, match="tenant_1/"):
        blobs.open("tenant_1", sha256)


@pytest.fixture
def on_disk(folder):
    return DiskBlobs(folder)


def test_a_kept_file_is_not_to_be_written(on_disk, folder):
    keep(on_disk)
    (name,) = files(folder)
    assert stat.S_IMODE((folder / name).stat().st_mode) & 0o222 == 0


def test_a_file_that_is_a_folder_is_a_store_error(on_disk, folder):
    keep(on_disk)
    (name,) = files(folder)
    (folder / name).unlink()
    (folder / name).mkdir()
    assert code_of(on_disk.open, "tenant_1", SHA256) == "store.files"


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "store.full"), (errno.EDQUOT, "store.full"), (errno.EIO, "store.files")],
)
def test_a_disk_that_is_full_or_broken_leaves_nothing(kept, blobs, monkeypatch, number, code):
    def refuse(_handle):
        raise OSError(number, os.strerror(number))

    keep(blobs, b"before")
    before = kept.names()
    monkeypatch.setattr(os, "fsync", refuse)
    assert code_of(keep, blobs) == code
    assert kept.names() == before


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert code_of(keep, DiskBlobs(tmp_path / "file" / "blobs")) == "store.files"


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="only Linux tells what a descriptor is of")
def test_bytes_and_folders_are_on_disk_before_the_call_returns(on_disk, folder, monkeypatch):
    synced = []
    real = os.fsync

    def note(handle):
        synced.append(str((DESCRIPTORS / str(handle)).readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    keep(on_disk)
    place = folder / "tenant_1" / SHA256[:2]
    assert synced[-1] == str(place)  # last of all the folder in which the file appeared
    assert {str(folder), str(folder / "tenant_1")} <= set(synced)
    assert any(name.startswith(str(folder / "incoming")) for name in synced)
