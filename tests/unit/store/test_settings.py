from pathlib import Path

import pytest

from bixie.kit.errors import SettingError
from bixie.store.settings import DATABASE_FILE, Bucket, Location

URL = "postgresql://bixie:secret@localhost:5433/shop"


def test_without_any_setting_the_store_is_a_folder_where_one_is():
    found = Location.find(environment={})
    assert found.folder == Path("bixie-data")
    assert (found.url.drivername, found.url.database) == ("sqlite", str(Path("bixie-data") / DATABASE_FILE))


def test_the_environment_names_the_folder_and_an_option_comes_first():
    assert Location.find(environment={"BIXIE_DATA": "there"}).folder == Path("there")
    assert Location.find("here", environment={"BIXIE_DATA": "there"}).folder == Path("here")


def test_an_address_names_the_database_and_files_stay_in_the_folder():
    found = Location.find("here", environment={"BIXIE_DATABASE_URL": URL})
    assert found.folder == Path("here")
    assert (found.url.drivername, found.url.host, found.url.port) == ("postgresql+psycopg", "localhost", 5433)
    assert Location.find(url=URL, environment={"BIXIE_DATABASE_URL": "sqlite:///x"}).url == found.url


def test_a_folder_that_is_the_store_comes_before_the_address_of_the_environment():
    found = Location.find("here", environment={"BIXIE_DATABASE_URL": URL}, folder_is_store=True)
    assert found.url.drivername == "sqlite"
    found = Location.find(environment={"BIXIE_DATABASE_URL": URL}, folder_is_store=True)
    assert found.url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url", ["postgres://localhost/shop", "postgresql+psycopg://localhost/shop", "sqlite:///a.db"]
)
def test_every_usual_spelling_of_an_address_is_taken(url):
    assert Location.find(url=url, environment={}).url.drivername in {"sqlite", "postgresql+psycopg"}


@pytest.mark.parametrize(
    "url",
    [
        "shop",
        "mysql://localhost/shop",
        "sqlite://",
        "postgresql://localhost:many/shop",
        "://",
        "sqlite:",
        "sqlite:///:memory:",
    ],
)
def test_what_is_no_such_address_is_refused_and_not_repeated(url):
    with pytest.raises(SettingError) as refusal:
        Location.find(environment={"BIXIE_DATABASE_URL": url})
    assert refusal.value.code == "setting.not_a_database"
    assert refusal.value.values == {"name": "BIXIE_DATABASE_URL"}
    with pytest.raises(SettingError) as refusal:
        Location.find(url=url, environment={})
    assert refusal.value.values == {"name": "--url"}


@pytest.mark.parametrize(
    ("url", "bucket"),
    [
        ("s3://shop-evidence", Bucket("shop-evidence", "")),
        ("s3://shop-evidence/", Bucket("shop-evidence", "")),
        ("s3://shop.evidence/bixie/files_1/", Bucket("shop.evidence", "bixie/files_1")),
        ("", None),
    ],
)
def test_an_address_names_the_bucket_for_files_whatever_the_database_is(url, bucket):
    for database in ("", URL):
        found = Location.find("here", environment={"BIXIE_BLOBS_URL": url, "BIXIE_DATABASE_URL": database})
        assert (found.folder, found.bucket) == (Path("here"), bucket)


def test_a_folder_that_is_the_store_has_its_files_as_well():
    assert (
        Location.find("here", environment={"BIXIE_BLOBS_URL": "s3://shop"}, folder_is_store=True).bucket
        is None
    )


@pytest.mark.parametrize(
    "url",
    [
        "shop",
        "/srv/files",
        "file:///srv/files",
        "https://s3.example.com/shop",
        "s3:shop",
        "s3://",
        "s3://a",
        "s3://Shop",
        "s3://key:secret@shop",
        "s3://shop:9000/x",
        "s3://shop/a//b",
        "s3://shop/../b",
        "s3://shop/a b",
        "s3://shop/a?region=x",
        "s3://shop/a#b",
        "s3://[",
    ],
)
def test_what_is_no_bucket_is_refused_and_not_repeated(url):
    with pytest.raises(SettingError) as refusal:
        Location.find(environment={"BIXIE_BLOBS_URL": url})
    assert refusal.value.code == "setting.not_a_bucket"
    assert refusal.value.values == {"name": "BIXIE_BLOBS_URL"}


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (None, str(Path("here").absolute())),
        ("sqlite:///there/shop.db", str(Path("there/shop.db").absolute())),
        (URL, "postgresql://localhost:5433/shop"),
        ("postgresql://bixie@db/shop?password=secret", "postgresql://db/shop"),
    ],
)
def test_the_place_of_a_store_is_absolute_and_holds_no_password(url, place):
    assert Location.find("here", url, environment={}).place == place
