"""What a witness is told, one line of JSON for each checkpoint, and how lines by anybody are read again."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Protocol

from bixie.kit.canonical_json import CanonicalError, encode_canonical
from bixie.ledger.errors import LedgerError
from bixie.ledger.proofs import PROOF_FORMAT, CheckpointSignature, Proof
from bixie.ledger.rules import Checkpoint, checkpoint_from_body, signed_message
from bixie.ledger.signing import PublicKey

__all__ = ["RECEIPT_FORMAT", "STATEMENT_FORMAT", "Statement", "Witness"]

STATEMENT_FORMAT = "bixie.witness/1"
RECEIPT_FORMAT = "bixie.receipt/1"
"""What a buyer or merchant gets for an exhibit: it holds a proof."""
_WEBHOOK = "ledger.checkpoint"


@dataclass(frozen=True, slots=True)
class Statement:
    """A checkpoint with its signature.

    Parameters
    ----------
    body : str
        Of the checkpoint.
    signature : CheckpointSignature, optional
    """

    body: str
    signature: CheckpointSignature | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the statement as a document."""
        signature = self.signature.to_dict() if self.signature else None
        return {"format": STATEMENT_FORMAT, "checkpoint": self.body, "signature": signature}

    def line(self) -> bytes:
        """Return the statement as one line, the same bytes every time."""
        return encode_canonical(self.to_dict()) + b"\n"

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint. Raises CanonicalError for a body that is none."""
        return checkpoint_from_body(self.body)

    @property
    def body_hash(self) -> str:
        """SHA-256 of the body."""
        return hashlib.sha256(self.body.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def signer(self) -> str | None:
        """Id of the key whose signature holds; None for a statement without a signature that does."""
        if self.signature is None:
            return None
        try:
            key = PublicKey.from_text(self.signature.public)
        except ValueError:
            return None
        return key.id if key.signed(signed_message(self.body), self.signature.signature) else None

    @classmethod
    def read(cls, text: bytes) -> "Statement":
        """Return the statement of a line, of a webhook's message, or of a receipt or proof.

        Raises
        ------
        ValueError
            For anything else.
        """
        try:
            document: Any = json.loads(text)
            if type(document) is dict and document.get("type") == _WEBHOOK:
                document = document["data"]
            if document["format"] == RECEIPT_FORMAT:
                document = document["proof"]
            if document["format"] == PROOF_FORMAT:
                proof = Proof.from_dict(document)
                proof.check()
                statement = cls(proof.checkpoint, proof.signature)
            elif document["format"] == STATEMENT_FORMAT:
                statement = cls(document["checkpoint"], CheckpointSignature.from_dict(document["signature"]))
            else:
                raise ValueError(document["format"])
            statement.checkpoint  # noqa: B018 - raises for what is none
        except (CanonicalError, LedgerError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(type(error).__name__) from error
        return statement


class Witness(Protocol):
    """A place outside of the store. What it was told cannot be taken back by whoever has the store."""

    @property
    def name(self) -> str:
        """How the place is called in the database and in metrics; no password is in it."""
        ...

    def tell(self, statement: Statement) -> None:
        """Tell the place a checkpoint; being told the same one twice does no harm.

        Raises
        ------
        WitnessError
            When it did not take it.
        """
        ...
