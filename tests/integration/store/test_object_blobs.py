"""Files in a bucket, while the service stumbles, hangs, goes away and comes back."""

import hashlib
import os
import subprocess
import sys
import threading
from datetime import timedelta

import obstore
import pytest
from tests.integration.object_store import SECRET_KEY, names

from bixie.kit.errors import SettingError
from bixie.kit.timestamps import utc_now
from bixie.store.errors import StoreError
from bixie.store.object_blobs import ObjectBlobs, connected
from bixie.store.settings import Bucket

SMALL = b"a small file"
LARGE = os.urandom(1 << 20) * 20
"""Three parts."""

KEEPING = """
import sys
from pathlib import Path
from bixie.store.object_blobs import ObjectBlobs
from bixie.store.settings import Bucket
blobs = ObjectBlobs(Bucket(sys.argv[1], sys.argv[2]), Path(sys.argv[3]))
with blobs.receiving([Path(sys.argv[4]).read_bytes()]) as received:
    blobs.keep("tenant_1", received)
"""


@pytest.fixture
def blobs(bucket, tmp_path):
    return ObjectBlobs(bucket, tmp_path / "blobs")


def keep(blobs, data=SMALL):
    with blobs.receiving([data]) as received:
        blobs.keep("tenant_1", received)
    return received.sha256


def content(blobs, sha256):
    with blobs.open("tenant_1", sha256) as file:
        return file.read()


def refusal(call, *arguments):
    with pytest.raises(StoreError) as refused:
        call(*arguments)
    return refused.value


def sha256_of(data):
    return hashlib.sha256(data).hexdigest()


def test_a_large_file_goes_and_comes_in_parts(s3, bucket, blobs):
    sha256 = keep(blobs, LARGE)
    assert sum("partNumber=" in request for request in s3.asked) == 3
    s3.asked.clear()
    assert content(blobs, sha256) == LARGE
    assert sum(request.startswith("GET") for request in s3.asked) == 3


def test_a_file_that_was_fetched_leaves_nothing_on_the_local_disk(blobs, tmp_path):
    sha256 = keep(blobs, LARGE)
    with blobs.open("tenant_1", sha256):
        assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("method", ["PUT", "POST", "HEAD", "GET"])
def test_a_service_that_stumbles_is_asked_again(s3, blobs, data, method):
    stumbled = []

    def first(request):
        if request.startswith(method) and len(stumbled) < 2:
            stumbled.append(request)
            return "503 Slow Down"
        return None

    with s3.answering(first):
        assert content(blobs, keep(blobs, data)) == data
    assert len(stumbled) == (0 if (method, data) == ("POST", SMALL) else 2)


@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["small", "large"])
def test_a_service_that_goes_away_keeps_nothing_and_is_used_again_when_it_is_back(s3, blobs, bucket, data):
    before = keep(blobs, b"before")
    with s3.away():
        refused = refusal(keep, blobs, data)
        assert (refused.code, refused.values) == ("store.files", {"reason": "S3: no answer"})
        assert refusal(content, blobs, before).code == "store.files"
        assert refusal(list, blobs.all()).code == "store.files"
        assert refusal(blobs.remove, "tenant_1", before).code == "store.files"
    assert list(blobs.all()) == [("tenant_1", before)]
    assert content(blobs, keep(blobs, data)) == data


def test_what_a_service_refuses_is_told_in_its_word_and_without_a_secret(s3, blobs, bucket, tmp_path):
    with s3.answering(lambda _request: "500 Internal Server Error"):
        assert refusal(keep, blobs).values == {"reason": "S3: 500"}
    missing = ObjectBlobs(Bucket("no-such-bucket", ""), tmp_path)
    for call in (lambda: keep(missing), lambda: content(missing, sha256_of(SMALL)), lambda: [*missing.all()]):
        refused = refusal(call)
        assert (refused.code, refused.values) == ("store.files", {"reason": "S3: NoSuchBucket"})
        assert SECRET_KEY not in str(refused)


def test_without_credentials_it_says_so(s3, bucket, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", s3.url)
    keyless = ObjectBlobs(bucket, tmp_path)
    with s3.answering(lambda _request: "403 Forbidden"):
        assert refusal(keep, keyless).values == {"reason": "S3: no credentials"}


def test_a_part_that_is_refused_takes_the_others_with_it(s3, blobs, bucket):
    with s3.answering(lambda request: "403 Forbidden" if "partNumber=2" in request else None):
        assert refusal(keep, blobs, LARGE).values == {"reason": "S3: 403"}
    assert names(s3.inside(bucket.name)) == []
    assert any(request.startswith("DELETE") for request in s3.asked)


@pytest.mark.chaos
def test_a_process_that_is_killed_while_it_uploads_has_kept_nothing(s3, blobs, bucket, tmp_path):
    (tmp_path / "large").write_bytes(LARGE)
    half, killed = threading.Event(), threading.Event()

    def first(request):
        if "partNumber=3" in request:
            half.set()
            killed.wait()

    command = [
        sys.executable,
        "-c",
        KEEPING,
        bucket.name,
        bucket.prefix,
        tmp_path / "blobs",
        tmp_path / "large",
    ]
    with s3.answering(first):
        child = subprocess.Popen(command)
        half.wait()
        child.kill()
        child.wait()
        killed.set()
    assert list(blobs.all()) == []
    assert refusal(content, blobs, sha256_of(LARGE)).code == "store.file_missing"
    assert content(blobs, keep(blobs, LARGE)) == LARGE


def test_a_file_that_changes_while_it_is_fetched_is_damaged(s3, blobs, bucket):
    sha256 = keep(blobs, LARGE)
    inside = s3.inside(bucket.name)
    (name,) = names(inside)
    fetched = []

    def first(request):
        if request.startswith("GET"):
            fetched.append(request)
            if len(fetched) == 2:
                obstore.put(inside, name, LARGE[::-1])

    with s3.answering(first):
        assert refusal(content, blobs, sha256).code == "store.file_damaged"


def test_a_store_in_a_bucket_of_its_own_has_no_prefix(s3, tmp_path):
    whole = Bucket(s3.bucket(), "")
    blobs = ObjectBlobs(whole, tmp_path)
    sha256 = keep(blobs)
    assert names(s3.inside(whole.name)) == [f"tenant_1/{sha256[:2]}/{sha256}"]
    assert list(blobs.all()) == [("tenant_1", sha256)]


def test_two_stores_in_one_bucket_do_not_see_each_other(s3, tmp_path):
    name = s3.bucket()
    first, second = (ObjectBlobs(Bucket(name, prefix), tmp_path) for prefix in ("shop", "shop2"))
    sha256 = keep(first)
    assert list(second.all()) == []
    assert refusal(content, second, sha256).code == "store.file_missing"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"])
@pytest.mark.parametrize(
    "address",
    [
        "http://s3.example.com",
        "http://192.168.0.1:9000",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "ftp://localhost",
        "s3.example.com",
        "https://",
        "http://[",
    ],
)
def test_files_go_without_tls_to_this_machine_only(s3, bucket, tmp_path, monkeypatch, name, address):
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv(name, address)
    with pytest.raises(SettingError) as refused:
        ObjectBlobs(bucket, tmp_path)
    assert (refused.value.code, refused.value.values["name"]) == ("setting.not_an_address", name)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3", "[::1]"])
def test_this_machine_has_several_names(s3, bucket, tmp_path, monkeypatch, host):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:9000")
    ObjectBlobs(bucket, tmp_path)


def test_the_address_that_was_checked_is_the_one_that_is_used(s3, bucket, blobs, tmp_path, monkeypatch):
    """The library has an order of its own among the names."""
    monkeypatch.setenv("AWS_ENDPOINT", "http://elsewhere.example.com")
    assert content(blobs, keep(ObjectBlobs(bucket, tmp_path / "other"))) == SMALL


def test_a_variable_that_cannot_be_used_is_a_setting_error_that_does_not_repeat_it(
    bucket, tmp_path, monkeypatch
):
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "perhaps")
    with pytest.raises(SettingError) as refused:
        ObjectBlobs(bucket, tmp_path)
    assert refused.value.code == "setting.not_usable"
    assert "perhaps" not in str(refused.value)


def test_the_files_of_a_space_are_listed_with_their_age(blobs):
    before = utc_now() - timedelta(minutes=1)
    sha256 = keep(blobs)
    with blobs.receiving([b"another tenant's"]) as received:
        blobs.keep("tenant_10", received)
    (listed,) = blobs.listed("tenant_1")
    assert listed.sha256 == sha256
    assert listed.written_at > before


def test_an_object_that_is_no_kept_file_is_not_listed(blobs, bucket):
    sha256 = keep(blobs)
    for name in ("notes.txt", f"ab/{sha256}", f"ab/cd/{'x' * 64}"):
        obstore.put(connected(bucket), f"tenant_1/{name}", b"put there by somebody else")
    assert [one.sha256 for one in blobs.listed("tenant_1")] == [sha256]
