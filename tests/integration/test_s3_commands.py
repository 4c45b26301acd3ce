"""The commands with the files of the store in a bucket."""

import io
import json
import os
import sys

import obstore
import pytest
from PIL import Image
from tests.integration.object_store import SECRET_KEY, names

from bixie.cli.main import main


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)


@pytest.fixture
def in_bucket(bucket, s3, monkeypatch):
    """The bucket from outside, once the setting names it."""
    monkeypatch.setenv("BIXIE_BLOBS_URL", f"s3://{bucket.name}/{bucket.prefix}")
    return s3.inside(bucket.name)


@pytest.fixture
def photo(tmp_path):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (1, 2, 3)).save(data, "PNG")
    path = tmp_path / "打包.png"
    path.write_bytes(data.getvalue())
    return path


@pytest.fixture
def run(capfdbinary):
    def call(*words):
        status = main([*map(str, words), "--json", "--lang", "en"])
        printed = capfdbinary.readouterr()
        return status, json.loads(printed.out) if printed.out else None, printed.err.decode()

    return call


@pytest.fixture
def keep(run, photo, tmp_path):
    return lambda folder=tmp_path / "data": run(
        "vault", "keep", photo, "--order", "1", "--data", folder, "--new"
    )


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def holds(run, folder):
    return run("ledger", "verify", "--data", folder)[1]["ok"]


def test_evidence_lies_in_the_bucket_and_nowhere_else(
    keep, run, photo, in_bucket, bucket, tmp_path, location, monkeypatch
):
    monkeypatch.setenv("BIXIE_DATABASE_URL", location.url.render_as_string(hide_password=False))
    status, document, errors = keep(tmp_path / "local")
    assert (status, document["state"], errors.splitlines()[1:]) == (0, "kept", [])  # the first: a new store
    sha256 = document["sha256"]
    name = f"{bucket.prefix}/tenant_own/{sha256[:2]}/{sha256}"
    assert names(in_bucket) == [name]
    assert bytes(obstore.get(in_bucket, name).bytes()) == photo.read_bytes()
    assert files(tmp_path / "local") == []
    assert keep(tmp_path / "local")[1]["id"] == document["id"]
    assert run("ledger", "verify")[1]["ok"] is True


def test_what_is_no_evidence_does_not_reach_the_bucket(run, in_bucket, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    words = ("vault", "keep", tmp_path / "notes.txt", "--order", "1", "--data", tmp_path / "data")
    assert run(*words, "--new")[0] == 3
    assert names(in_bucket) == []


def test_while_the_service_is_away_nothing_is_put_on_record_and_afterwards_all_is_well(
    keep, run, in_bucket, s3, tmp_path
):
    assert keep()[0] == 0
    before = run("ledger", "verify", "--data", tmp_path / "data")[1]["events"]
    with s3.away():
        status, document, errors = keep()
        assert (status, document) == (2, None)
        assert "S3: no answer" in errors
        assert SECRET_KEY not in errors
        assert run("backup", tmp_path / "backup", "--data", tmp_path / "data")[0] == 2
    assert run("ledger", "verify", "--data", tmp_path / "data")[1]["events"] == before
    assert keep()[0] == 0
    assert holds(run, tmp_path / "data")


def test_a_store_moves_from_the_folder_into_the_bucket_and_back(
    keep, run, photo, bucket, s3, tmp_path, monkeypatch
):
    sha256 = keep()[1]["sha256"]
    assert run("backup", tmp_path / "of-disk", "--data", tmp_path / "data")[1]["files"] == 1
    with monkeypatch.context() as setting:
        setting.setenv("BIXIE_BLOBS_URL", f"s3://{bucket.name}/{bucket.prefix}")
        status, document, _ = run("restore", tmp_path / "of-disk", "--data", tmp_path / "moved")
        assert (status, document["files"]) == (0, 1)
        assert names(s3.inside(bucket.name)) == [f"{bucket.prefix}/tenant_own/{sha256[:2]}/{sha256}"]
        assert not any("tenant_own" in name for name in files(tmp_path / "moved"))
        assert run("backup", tmp_path / "of-s3", "--data", tmp_path / "moved")[1]["files"] == 1
    assert run("restore", tmp_path / "of-s3", "--data", tmp_path / "back")[1]["files"] == 1
    place = tmp_path / "back" / "blobs" / "tenant_own" / sha256[:2] / sha256
    assert place.read_bytes() == photo.read_bytes()
    assert holds(run, tmp_path / "moved")
    assert holds(run, tmp_path / "back")


def spoil(inside, name):
    obstore.put(inside, name, b"something else")


def take_away(inside, name):
    obstore.delete(inside, name)


@pytest.mark.parametrize(("harm", "words"), [(spoil, "has changed"), (take_away, "is missing")])
def test_what_happened_to_an_object_is_found(keep, run, in_bucket, tmp_path, harm, words):
    assert keep()[0] == 0
    (name,) = names(in_bucket)
    harm(in_bucket, name)
    status, document, errors = run("backup", tmp_path / "backup", "--data", tmp_path / "data")
    assert (status, document) == (2, None)
    assert words in errors
    assert not (tmp_path / "backup").exists()


def test_a_backup_that_was_not_told_of_the_bucket_is_none(keep, run, in_bucket, tmp_path, monkeypatch):
    assert keep()[0] == 0
    monkeypatch.delenv("BIXIE_BLOBS_URL")
    status, _, errors = run("backup", tmp_path / "backup", "--data", tmp_path / "data")
    assert status == 2
    assert "is missing" in errors


@pytest.mark.parametrize("command", ["vault keep PHOTO --order 1", "backup NEW", "restore NEW"])
@pytest.mark.parametrize("setting", ["/srv/files", "gs://bucket/x", "s3://key:secret@bucket"])
def test_an_address_that_is_no_bucket_is_wrong_usage_and_nothing_is_made(
    run, photo, tmp_path, monkeypatch, command, setting
):
    monkeypatch.setenv("BIXIE_BLOBS_URL", setting)
    words = command.replace("PHOTO", str(photo)).replace("NEW", str(tmp_path / "new")).split()
    status, _, errors = run(*words, "--data", tmp_path / "data")
    assert status == 2
    assert "BIXIE_BLOBS_URL" in errors
    assert "secret" not in errors
    assert not (tmp_path / "data").exists()


def test_without_the_extra_it_says_how_to_get_it(keep, in_bucket, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "bixie.store.object_blobs", raising=False)
    monkeypatch.setitem(sys.modules, "obstore", None)
    status, _, errors = keep()
    assert status == 2
    assert "“s3”" in errors
    assert "bixie doctor" in errors
    assert not (tmp_path / "data").exists()
