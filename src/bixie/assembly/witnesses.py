"""The witnesses that the environment names, whose kinds live in different rooms."""

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bixie.kit.errors import SettingError
from bixie.ledger.errors import WitnessError
from bixie.ledger.witnesses.files import FileWitness
from bixie.ledger.witnesses.reading import MAX_LINE_BYTES, Source, lines_of
from bixie.ledger.witnesses.statements import Statement, Witness
from bixie.notices.endpoints import parsed
from bixie.notices.errors import NoticeError, SignatureError
from bixie.notices.mail import MAIL_URL, MailServer
from bixie.notices.standard_webhooks import sign
from bixie.notices.witnesses import MailWitness, WebhookWitness
from bixie.store.errors import StoreError
from bixie.store.settings import Bucket, bucket_at

if TYPE_CHECKING:
    from bixie.store.bucket_records import BucketRecords

__all__ = ["SECRET", "WITNESSES", "BucketWitness", "sources", "witnesses_named"]

WITNESSES = "BIXIE_LEDGER_WITNESSES"
"""Setting: places that are told every checkpoint, separated by commas: a file or folder, ``https://…``,
``mailto:…``, ``s3://bucket/prefix``."""
SECRET = "BIXIE_LEDGER_WITNESS_SECRET"
"""Setting: ``whsec_…``, which signs what web addresses are told."""
_MAIL = "mailto:"
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class BucketWitness:
    """A bucket with an object for each checkpoint.

    Parameters
    ----------
    bucket : Bucket
    """

    bucket: Bucket

    @property
    def name(self) -> str:
        """The address."""
        return f"s3://{self.bucket.name}/{self.bucket.prefix}".rstrip("/")

    def tell(self, statement: Statement) -> None:
        """Write an object. See `Witness.tell`."""
        said = statement.checkpoint
        # Two different checkpoints of one size are two objects: the second does not hide the first.
        name = f"{said.tenant}/{said.size:012}-{statement.body_hash[:16]}.json"
        try:
            _records(self.bucket).add(name, statement.line())
        except StoreError as error:
            raise WitnessError("ledger.witness_unreachable", witness=self.name, reason=error.text) from error


def witnesses_named(environment: Mapping[str, str] | None = None) -> list[Witness]:
    """Return the witnesses that the environment names; no place is contacted.

    Raises
    ------
    SettingError
        ``setting.not_an_address``, ``setting.not_a_bucket``, ``setting.missing`` for a web address without
        a secret or a mailbox without a mail server.
    """
    variables = os.environ if environment is None else environment
    named = filter(None, (one.strip() for one in variables.get(WITNESSES, "").split(",")))
    return [_witness(one, variables) for one in named]


def _witness(named: str, variables: Mapping[str, str]) -> Witness:
    if named.startswith(_MAIL):
        server = MailServer.from_environment(variables)
        if server is None:
            raise SettingError("setting.missing", name=MAIL_URL, reason=WITNESSES)
        return MailWitness(named.removeprefix(_MAIL), server)
    bucket = bucket_at(named, WITNESSES) if named.startswith("s3:") else None
    if bucket is not None:
        _records(bucket)
        return BucketWitness(bucket)
    if "://" not in named:
        return FileWitness(Path(named))
    secret = variables.get(SECRET, "")
    try:
        parsed(named)
        sign(secret, "", _EPOCH, b"")
    except NoticeError as error:
        schemes = "https:// / s3:// / mailto:"
        raise SettingError("setting.not_an_address", name=WITNESSES, schemes=schemes) from error
    except SignatureError as error:
        raise SettingError("setting.missing", name=SECRET, reason=WITNESSES) from error
    return WebhookWitness(named, secret)


def sources() -> dict[str, Source]:
    """Return how places are read that only some installations can: buckets."""
    return {"s3": _bucket_source}


def _bucket_source(address: str) -> Iterator[tuple[str, Iterable[bytes]]]:
    bucket = bucket_at(address, "--witness")
    if bucket is not None:
        try:
            for name, data in _records(bucket).all(MAX_LINE_BYTES + 1):
                yield f"s3://{bucket.name}/{name}", lines_of(io.BytesIO(data))
        except StoreError as error:
            raise WitnessError("ledger.witness_unreachable", witness=address, reason=error.text) from error


def _records(bucket: Bucket) -> "BucketRecords":
    try:
        from bixie.store.bucket_records import BucketRecords  # noqa: PLC0415 - needs an extra
    except ModuleNotFoundError as error:
        raise SettingError("setting.extra_missing", name=WITNESSES, extra="s3") from error
    return BucketRecords(bucket)
