"""Stores on both databases: a test that asks for one runs on SQLite and on PostgreSQL; an S3 service."""

import os
import secrets
import shutil
from contextlib import contextmanager

import psycopg
import pytest
from tests.integration.object_store import ACCESS_KEY, SECRET_KEY, Service
from tests.services import postgresql

from bixie.assembly.stores import ready_store
from bixie.store.engine import connect
from bixie.store.settings import DATABASE_FILE, Bucket, Location
from bixie.store.unit_of_work import Store

REQUIRED = "BIXIE_REQUIRE_POSTGRESQL"
TEMPLATE = "migrated"
SCHEMA = "shop"
"""Where the store stands in a copy of the template: not where PostgreSQL would put it by itself."""


@pytest.fixture(scope="session")
def postgresql_server():
    """Address of a PostgreSQL that lasts as long as the run."""
    reason = postgresql.why_not()
    if reason and not os.environ.get(REQUIRED):
        pytest.skip(reason)
    assert reason is None, f"{REQUIRED} is set, but {reason}"
    with postgresql.running(durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """File of a store that was migrated once; a copy of it is ready ten times as fast as a new one."""
    place = Location.find(str(tmp_path_factory.mktemp("template")), environment={})
    ready_store(place).close()
    return place.folder / DATABASE_FILE


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server):
    """Name of a database with a store that was migrated once."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    address = in_schema(database_of(postgresql_server, TEMPLATE), SCHEMA)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    ready_store(Location.find(url=address, environment={})).close()
    return TEMPLATE


def database_of(server, name):
    """Return the address of another database of a server."""
    return f"{server.rsplit('/', 1)[0]}/{name}"


def in_schema(database, name):
    """Return the address of a database for what is to stand in a schema of it."""
    return f"{database}?options=-csearch_path%3D{name}"


@contextmanager
def own_schema(server):
    """Make an empty schema; yield its address. It is made ten times as fast as a database."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    yield in_schema(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {name} CASCADE")
        connection.execute(f"DROP SCHEMA IF EXISTS {name}_work CASCADE")


@contextmanager
def own_database(server, template):
    """Copy a database; yield the address of the store in it."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        # Of files that no disk keeps a copy costs half of what the log of its blocks would.
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield in_schema(database_of(server, name), SCHEMA)
        # By force: workers that a test killed may still have connections.
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


DATABASES = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("sqlite", "postgresql")]
"""Parameters of a fixture that makes a test run on each database; the marks let a run leave one out."""


def available_databases():
    """Return the names of the databases that a test which uses all of them at once can have here."""
    wanted = postgresql.why_not() is None or os.environ.get(REQUIRED)
    return ["sqlite", "postgresql"] if wanted else ["sqlite"]


@contextmanager
def placed(request, database, folder, *, migrated):
    """Yield where a store can be made on ``sqlite`` or ``postgresql``; `migrated`: where one is."""
    if database == "sqlite":
        place = Location.find(str(folder), environment={})
        if migrated:
            folder.mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / DATABASE_FILE)
        yield place
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template") if migrated else None
    with own_database(server, template) if template else own_schema(server) as address:
        yield Location.find(str(folder), address, environment={})


@pytest.fixture(params=DATABASES)
def location(request, tmp_path):
    """Where a store of its own may be made; for a test that asks for `store` too, where that one is."""
    with placed(request, request.param, tmp_path / "data", migrated="store" in request.fixturenames) as place:
        yield place


_COMPILED = {}


def connect_compiled(url):
    """Return an engine for a copy of the template that has the statements compiled for the copies before it.

    Every store of a run has the same tables, and SQLAlchemy keeps what it compiled by dialect and engine: it
    would compile the same statements in every test, for a third of its time.
    """
    engine = connect(url)
    if engine.dialect.name not in _COMPILED:
        engine.connect().close()  # the dialect learns from its first connection what the server can do
        _COMPILED[engine.dialect.name] = engine.dialect, {}
    engine.dialect, statements = _COMPILED[engine.dialect.name]
    engine.update_execution_options(compiled_cache=statements)
    return engine


@pytest.fixture
def store(location):
    """A store that is ready to work with."""
    opened = Store(connect_compiled(location.url))
    yield opened
    opened.close()


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
