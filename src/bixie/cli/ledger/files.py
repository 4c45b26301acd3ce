"""``bixie ledger verify --files``: reads every kept file, and compares its bytes with the hash."""

from typing import TYPE_CHECKING, Any

from bixie.cli.language import say
from bixie.kit.messages import Language
from bixie.kit.progress import progress_bar

if TYPE_CHECKING:
    from bixie.store.settings import Location
    from bixie.store.unit_of_work import Store
    from bixie.vault.kept_files import FilesVerified

__all__ = ["document_of", "read_files", "sentences_about"]


def read_files(store: "Store", location: "Location", language: Language) -> "FilesVerified":
    """Read the files that the rows of a store name.

    Raises
    ------
    BrokenLedger
        At the first file that is missing or damaged.
    """
    from bixie.access.tenancy import reading_every_tenant  # noqa: PLC0415
    from bixie.assembly.stores import blobs_of, files_named  # noqa: PLC0415
    from bixie.vault.kept_files import verify_files  # noqa: PLC0415

    with store.snapshot() as connection:
        named = files_named(connection)
    progress = progress_bar(say("ledger.verify.files.progress", language), unit="file")
    with progress as report_progress:
        return verify_files(lambda: reading_every_tenant(store), blobs_of(location), named, report_progress)


def document_of(found: "FilesVerified") -> dict[str, Any]:
    """Return what ``--json`` says of files."""
    some = [{"tenant": tenant, "sha256": sha256} for tenant, sha256 in found.some_unnamed]
    return {
        "checked": found.files,
        "bytes": found.size,
        "unnamed": {"count": found.unnamed, "first": some},
    }


def sentences_about(found: "FilesVerified", language: Language) -> list[str]:
    """Return the sentences about files."""
    lines = [say("ledger.files", language, files=found.files)]
    if found.unnamed:
        tenant, sha256 = found.some_unnamed[0]
        about = {"files": found.unnamed, "tenant": tenant, "sha256": sha256}
        lines.append(say("ledger.files.unnamed", language, **about))
    return lines
