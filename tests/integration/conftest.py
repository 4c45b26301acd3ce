"""Stores on both databases: a test that asks for one runs on SQLite and on PostgreSQL; an S3 service."""

import os
import secrets
from contextlib import contextmanager

import psycopg
import pytest
from bench import postgresql
from tests.integration.object_store import ACCESS_KEY, SECRET_KEY, Service

from bixie.assembly.stores import ready_store
from bixie.store.settings import Bucket, Location

REQUIRED = "BIXIE_REQUIRE_POSTGRESQL"


@pytest.fixture(scope="session")
def postgresql_server():
    """Address of a PostgreSQL that lasts as long as the run."""
    reason = postgresql.why_not()
    if reason and not os.environ.get(REQUIRED):
        pytest.skip(reason)
    assert reason is None, f"{REQUIRED} is set, but {reason}"
    with postgresql.running(durable=False) as url:
        yield url


@contextmanager
def placed(request, folder):
    """Where a store of its own may be made, on the database that a parameter names."""
    if request.param == "sqlite":
        yield Location.find(str(folder), environment={})
        return
    server = request.getfixturevalue("postgresql_server")
    # A schema of its own is as good as a database of its own, and made ten times as fast.
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    yield Location.find(str(folder), f"{server}?options=-csearch_path%3D{name}", environment={})
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {name} CASCADE")
        connection.execute(f"DROP SCHEMA IF EXISTS {name}_work CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request, tmp_path):
    """Where a store of its own may be made."""
    with placed(request, tmp_path / "data") as place:
        yield place


@pytest.fixture
def store(location):
    """A store that is ready to work with."""
    made = ready_store(location)
    yield made
    made.close()


@pytest.fixture(scope="session")
def s3_server():
    """An S3 service that lasts as long as the run."""
    service = Service()
    yield service
    service.stop()


@pytest.fixture
def s3(s3_server, monkeypatch):
    """The service, with nothing else in the environment that speaks of one."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    s3_server.asked.clear()
    return s3_server


@pytest.fixture
def bucket(s3):
    """A part of a bucket of its own."""
    return Bucket(s3.bucket(), "bixie/files")
