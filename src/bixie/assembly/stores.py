"""Opens stores and their files; the one module that imports the models of every room."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, MetaData, inspect, select

# Models register themselves with the base when they are imported.
from bixie.access import models as _access  # noqa: F401
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.access.worker import worker_of
from bixie.cases import models as _cases  # noqa: F401
from bixie.cases.merchant_options import models as _merchant_options  # noqa: F401
from bixie.cases.packs import models as _packs  # noqa: F401
from bixie.cases.presence import models as _presence  # noqa: F401
from bixie.cases.reviews import models as _reviews  # noqa: F401
from bixie.cases.telling import TOLD
from bixie.examinations import models as _examinations  # noqa: F401
from bixie.identity import models as _identity  # noqa: F401
from bixie.identity import repository as identity
from bixie.identity.signin import models as _signin  # noqa: F401
from bixie.jobs import models as _work  # noqa: F401
from bixie.kit.errors import SettingError
from bixie.ledger import models as _ledger  # noqa: F401
from bixie.ledger import repository as ledger
from bixie.ledger.adoption import adopt, unrecorded_tables
from bixie.ledger.signing import SIGNING, KeyFile
from bixie.notices import models as _notices  # noqa: F401
from bixie.notices.case_news import tell_of_cases
from bixie.orders import models as _orders  # noqa: F401
from bixie.remedies import models as _remedies  # noqa: F401
from bixie.store.backups.marker import check_whole
from bixie.store.base import Base
from bixie.store.blobs import Blobs, DiskBlobs
from bixie.store.engine import connect, open_to_read, refusals
from bixie.store.errors import StoreError
from bixie.store.migration import check_readable, migrate
from bixie.store.settings import BLOBS_URL, Location
from bixie.store.unit_of_work import Store
from bixie.vault.models import DocumentFile, Exhibit, State
from bixie.vault.retention import models as _retention  # noqa: F401
from bixie.vault.uploads.models import ResumableUpload, UploadPart

__all__ = [
    "COMMAND_LINE",
    "OWN_TENANT",
    "TEMPORARY",
    "TENANT",
    "blobs_of",
    "command_line_principal",
    "existing_store",
    "files_named",
    "metadata",
    "opened",
    "opened_to_read",
    "ready_store",
    "signing_of",
    "store_exists",
    "store_to_change",
    "store_to_read",
]

TEMPORARY = (ResumableUpload.__tablename__, UploadPart.__tablename__)
"""Tables of open uploads: a backup contains neither their rows nor their files, so clients upload again."""

TENANT = "BIXIE_TENANT"
"""Setting: the tenant of the command line."""
OWN_TENANT = "tenant_own"
"""Id of the tenant that a store has once the command line has kept something without any other tenant."""
COMMAND_LINE = "program_command_line"
"""Id of the principal of the command line, as the ledger has it."""
_MAX_LISTED = 20

_SIGNS = frozenset({"alembic_version", "ledger_event"})


def command_line_principal(store: Store) -> Principal:
    """Return the principal of the command line, which acts for the tenant of the store.

    ``BIXIE_TENANT`` names the tenant if there are several. A store that only the command line has used has an
    implicit tenant of its own.

    Raises
    ------
    SettingError
        ``setting.which_tenant`` if there are several, or if the named one does not exist.
    """
    with reading_every_tenant(store) as session:
        tenants = set(identity.tenants(session, None))
        used = OWN_TENANT in ledger.tenants(session)
    if used or not tenants:
        tenants.add(OWN_TENANT)
    named = os.environ.get(TENANT) or (OWN_TENANT if used else min(tenants))
    if named not in tenants or (len(tenants - {OWN_TENANT}) > 1 and not os.environ.get(TENANT)):
        raise SettingError(
            "setting.which_tenant", name=TENANT, tenants=", ".join(sorted(tenants)[:_MAX_LISTED])
        )
    return Principal(named, COMMAND_LINE, Role.PROGRAM)


def metadata() -> MetaData:
    """Return the tables of all rooms."""
    return Base.metadata


def blobs_of(location: Location) -> Blobs:
    """Return the files of a store: in its folder, or in the bucket that its settings name.

    Raises
    ------
    SettingError
        If the settings or the installed packages do not allow the bucket; it is not contacted.
    """
    folder = location.folder / "blobs"
    if location.bucket is None:
        return DiskBlobs(folder)
    try:
        from bixie.store.object_blobs import ObjectBlobs  # noqa: PLC0415 - needs an extra
    except ModuleNotFoundError as error:
        raise SettingError("setting.extra_missing", name=BLOBS_URL, extra="s3") from error
    return ObjectBlobs(location.bucket, folder)


def signing_of(location: Location) -> dict[str, KeyFile | None]:
    """Return what the sessions of a store must know to sign checkpoints."""
    return {SIGNING: KeyFile.find(location)}


def files_named(connection: Connection) -> set[tuple[str, str]]:
    """Return tenant and SHA-256 of every file that the rows of a store name."""
    there = inspect(connection)
    if not there.has_table(Exhibit.__tablename__):  # a store of an earlier version
        return set()
    named = set(
        connection.execute(select(Exhibit.tenant, Exhibit.sha256).where(Exhibit.state != State.ERASED))
    )
    if there.has_table(DocumentFile.__tablename__):
        files = (
            select(DocumentFile.tenant, DocumentFile.sha256)
            .join(Exhibit, Exhibit.id == DocumentFile.document_id)
            .where(Exhibit.state != State.ERASED)
        )
        named |= set(connection.execute(files))
    return {(tenant, sha256) for tenant, sha256 in named}


def ready_store(location: Location) -> Store:
    """Open a store, created or migrated if necessary.

    A person's command uses `store_to_change`: a mistyped folder must not become a second store.

    Raises
    ------
    StoreError
        When it cannot be reached, was made by a newer version, or was restored only half
        (``store.half_restored``).
    """
    store = Store(connect(location.url), {**signing_of(location), TOLD: tell_of_cases})
    with _closed_on_failure(store):
        migrate(store.engine, metadata())
        _adopt_rows(store)
    return store


def existing_store(location: Location) -> Store:
    """Open an existing store to read; nothing is created or changed.

    Raises
    ------
    StoreError
        ``store.not_there``, ``store.half_restored``, or when it cannot be reached.
    """
    store = Store(open_to_read(location.url), signing_of(location))
    with _closed_on_failure(store), refusals():
        check_whole(store.engine, location.place)
        # An attacker may have dropped tables; one of these is enough to be a store.
        if not _SIGNS & set(inspect(store.engine).get_table_names()):
            raise StoreError("store.not_there", place=location.place)
    return store


def store_to_read(location: Location) -> Store:
    """Open an existing store to read what is in it; nothing is created or changed.

    Raises
    ------
    StoreError
        ``store.older`` or ``store.newer`` when it is another version's, else as `existing_store`.
    """
    store = existing_store(location)
    with _closed_on_failure(store):
        check_readable(store.engine)
    return store


def store_exists(location: Location) -> bool:
    """Return whether there is a store.

    Raises
    ------
    StoreError
        When the database cannot be reached.
    """
    try:
        existing_store(location).close()
    except StoreError as error:
        if error.code != "store.not_there":
            raise
        return False
    return True


def store_to_change(
    location: Location, *, new: bool = False, on_new: Callable[[str], None] = lambda _: None
) -> Store:
    """Open an existing store to read and write, migrated if necessary; create one only if asked to.

    Parameters
    ----------
    location : Location
    new : bool
        Create the store if there is none.
    on_new : callable
        Called with the place of a store that was created.

    Raises
    ------
    StoreError
        ``store.not_made`` if there is none and `new` is false; otherwise as `ready_store`.
    """
    is_there = store_exists(location)
    if not is_there and not new:
        raise StoreError("store.not_made", place=location.place)
    store = ready_store(location)
    if not is_there:
        on_new(location.place)
    return store


@contextmanager
def opened(data: str | None) -> Iterator[tuple[Store, Principal, Blobs]]:
    """Open an existing store for a command that works on what is in it already.

    Parameters
    ----------
    data : str or None
        The folder that an option names.

    Yields
    ------
    Store
    Principal
        The command line's principal.
    Blobs

    Raises
    ------
    StoreError
        ``store.not_there``; no store is created.
    """
    location = Location.find(data)
    existing_store(location).close()
    store = ready_store(location)
    try:
        yield store, command_line_principal(store), blobs_of(location)
    finally:
        store.close()


@contextmanager
def opened_to_read(location: Location) -> Iterator[tuple[Store, Principal]]:
    """Open an existing store for a command that changes nothing in it; it may lie on a read-only medium.

    Yields
    ------
    Store
    Principal
        The command line's principal.

    Raises
    ------
    StoreError
        ``store.not_there``.
    """
    store = existing_store(location)
    try:
        yield store, command_line_principal(store)
    finally:
        store.close()


def _adopt_rows(store: Store) -> None:
    """State the rows that an earlier version has left, where that was not done."""
    with reading_every_tenant(store) as session:
        tenants = ledger.tenants_begun(session)
    for tenant in tenants:
        principal = worker_of(tenant)
        with reading(store, principal) as session:
            needed = bool(unrecorded_tables(session))
        if needed:
            with writing(store, principal) as session:
                adopt(session)


@contextmanager
def _closed_on_failure(store: Store) -> Iterator[None]:
    try:
        yield
    except BaseException:
        store.close()
        raise
