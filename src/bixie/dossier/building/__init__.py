"""Builds the package of a case.

One transaction records that it is built and that the files are handed out, and makes the checkpoint that
proves it all. Then the checkpoint is stamped, everything is read, and the zip is written, piece by piece.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.cases.models import Case
from bixie.cases.opening import found
from bixie.dossier.building import case_documents
from bixie.dossier.building.extract import Extract, extract
from bixie.dossier.building.material import Material, exhibits_document, material_of, report_documents
from bixie.dossier.building.overview import overview
from bixie.dossier.errors import DossierError
from bixie.dossier.inside import VERIFIERS, verifier
from bixie.dossier.package.contents import EXHIBITS, PROOFS
from bixie.dossier.package.manifest import Manifest
from bixie.dossier.package.writing import PackageWriter
from bixie.kit.calendar import CHINA
from bixie.kit.canonical_json import Json, decode_canonical, encode_canonical
from bixie.kit.messages import catalogue
from bixie.kit.progress import Progress, no_progress
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.errors import LedgerError
from bixie.ledger.keys import signer_of
from bixie.ledger.rules import checkpoint_from_body
from bixie.ledger.service import NewEvent, append, checkpoint, stamp
from bixie.ledger.signing import Signer
from bixie.ledger.timestamps import Authority
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.service import record_access
from bixie.version import __version__

__all__ = ["BUILT_EVENT", "Built", "build_package"]

BUILT_EVENT = "package.built"
"""Type of the event that says that a case's package was built; the subject is the case."""

_log = logging.getLogger(__name__)
_PIECE = 1 << 20
_PURPOSE = "package"

_Source = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Built:
    """A package that was written.

    Parameters
    ----------
    manifest : Manifest
    unstamped : tuple of str
        Addresses of the authorities that gave no time stamp.
    """

    manifest: Manifest
    unstamped: tuple[str, ...]


def build_package(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    case_id: str,
    file: BinaryIO,
    *,
    authorities: Sequence[Authority] = (),
    clock: Clock = utc_now,
    progress: Progress = no_progress,
) -> Built:
    """Write the package of a case.

    Parameters
    ----------
    store, principal, blobs
        Who asks, and what for it is read from.
    case_id : str
    file : BinaryIO
        Empty, and can be sought.
    authorities : sequence of Authority
        One that does not answer is passed over and named in the result.
    clock : callable
    progress : callable
        Told of each file.

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case``.
    DossierError
        ``package.no_key``, ``package.too_large``.
    StoreError
        ``store.file_missing``, ``store.file_damaged``.
    """
    with writing(store, principal) as session:
        size, signer = _recorded(session, case_id, clock)
    silent = [one.url for one in authorities if not _stamped(store, principal, one)]
    answering = [one for one in authorities if one.url not in silent]
    created_at = format_timestamp(clock())
    with reading(store, principal) as session:
        sources = _sources(session, found(session, case_id), size, (blobs, signer, created_at, clock))
    writer = PackageWriter(file)
    for count, (path, source) in enumerate(sorted(sources.items()), 1):
        writer.add(path, source())
        progress(count, len(sources))
    manifest, failed = writer.finish(case_id, created_at, __version__, signer, answering)
    return Built(manifest, (*silent, *failed))


def _recorded(session: TenantSession, case_id: str, clock: Clock) -> tuple[int, Signer]:
    """Record the package and who got which file; return the checkpoint's size and the key that signs."""
    case = found(session, case_id)
    signer = signer_of(session)
    if signer is None:
        raise DossierError("package.no_key")
    material = material_of(session, case)
    for one in material.pieces:
        if one.path is not None:
            record_access(session, one.id, _PURPOSE, clock)
    said: dict[str, Json] = {"exhibits": sum(one.path is not None for one in material.pieces)}
    append(session, [NewEvent(BUILT_EVENT, case.id, said)], clock)
    made = checkpoint(session, clock)
    if made is None:
        raise AssertionError(case_id)  # an event was appended just now
    return made.size, signer


def _stamped(store: Store, principal: Principal, authority: Authority) -> bool:
    try:
        stamp(store, principal, authority)
    except LedgerError as error:
        _log.warning("no time stamp of %s: %s", authority.url, error)
        return False
    return True


def _sources(
    session: TenantSession, case: Case, size: int, given: tuple[Blobs, Signer, str, Clock]
) -> dict[str, _Source]:
    """Return what each file of the package is read from, by its path."""
    blobs, signer, created_at, clock = given
    material = material_of(session, case)
    extracted = extract(session, material.subjects, size)
    opened = partial(_chunks, blobs, session.principal.tenant)
    sources: dict[str, _Source] = {
        one.path: partial(opened, one.exhibit.sha256) for one in material.pieces if one.path is not None
    }
    sources |= {path: partial(opened, sha256) for path, sha256 in material.parts}
    reports = report_documents(material, lambda sha256: b"".join(opened(sha256)))
    facts = _facts(session, case, (material, extracted, reports), clock)
    facts |= {"created_at": created_at, "version": __version__, "key": signer.public.raw.hex()}
    written = {**extracted.files, **_documents(facts), EXHIBITS: encode_canonical(facts["exhibits"])}
    written |= dict(case_documents.methods([one for _, one in reports]))
    written |= {name: verifier(name) for name in VERIFIERS}
    return sources | {path: partial(_whole, data) for path, data in written.items()}


def _facts(
    session: TenantSession,
    case: Case,
    read: tuple[Material, Extract, list[tuple[str, Any]]],
    clock: Clock,
) -> dict[str, Any]:
    """Return what documents and overview are made of."""
    material, extracted, reports = read
    policy = case_documents.policy_documents(session, case)
    return {
        "case": case_documents.case_document(session, case, clock),
        "exhibits": exhibits_document(material.pieces, extracted.events),
        "custody": case_documents.custody(extracted.events),
        "policy": policy,
        "pack": policy["policy/pack.json"],
        "law": case_documents.law_document(session, case),
        "day": case.filed_at.astimezone(CHINA).date().isoformat(),
        "standards": case_documents.standards(),
        "reports": reports,
        "redactions": len(extracted.redactions),
        "checkpoint": checkpoint_from_body(decode_canonical(extracted.files[PROOFS])["checkpoint"]),
    }


def _documents(facts: Mapping[str, Any]) -> dict[str, bytes]:
    named = {f"{name}.json": facts[name] for name in ("case", "custody", "law", "standards")}
    written = {path: _readable(value) for path, value in {**named, **facts["policy"]}.items()}
    read_me = catalogue("bixie.dossier.building").text("read_me", case=facts["case"]["id"])
    return written | {
        "read-me.txt": f"{read_me.zh}\n{read_me.en}".encode(),
        "overview.zh.html": overview("zh", facts),
        "overview.en.html": overview("en", facts),
    }


def _readable(value: Json) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _chunks(blobs: Blobs, tenant: str, sha256: str) -> Iterator[bytes]:
    with closing(blobs.open(tenant, sha256)) as file:
        while piece := file.read(_PIECE):
            yield piece


def _whole(data: bytes) -> Iterator[bytes]:
    yield data
