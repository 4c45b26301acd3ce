"""The proof that one event is in a ledger: what an outsider needs to verify it, and the verification.

It does not trust the ledger: with a stamped checkpoint every event that it covers can be verified.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass

from bixie.kit.canonical_json import CanonicalError, Json
from bixie.ledger.errors import LedgerError
from bixie.ledger.merkle import leaf_hash, verify_inclusion
from bixie.ledger.rules import Checkpoint, Event, checkpoint_from_body, event_from_body, hash_of_body

__all__ = ["PROOF_FORMAT", "CheckpointSignature", "Proof", "Stamp"]

PROOF_FORMAT = "bixie.proof/1"


@dataclass(frozen=True, slots=True)
class Stamp:
    """An authority's RFC 3161 response over a checkpoint's body.

    Parameters
    ----------
    authority : str
        Its address.
    response : bytes
        DER.
    """

    authority: str
    response: bytes


@dataclass(frozen=True, slots=True)
class CheckpointSignature:
    """The signature of a checkpoint.

    Parameters
    ----------
    public : str
        The public key in base 64; whether it is the right one only somebody outside can know.
    signature : str
        In base 64; see `bixie.ledger.rules.signed_message`.
    """

    public: str
    signature: str

    def to_dict(self) -> dict[str, Json]:
        """Return the signature as a document."""
        return {"public": self.public, "signature": self.signature}

    @classmethod
    def from_dict(cls, document: Json) -> "CheckpointSignature | None":
        """Return the signature of a document, None of null.

        Raises
        ------
        KeyError, TypeError
            For what is none.
        """
        return None if document is None else cls(str(document["public"]), str(document["signature"]))


@dataclass(frozen=True, slots=True)
class Proof:
    """An event, a checkpoint, and the path of hashes between them.

    Parameters
    ----------
    event, checkpoint : str
        Their bodies, exactly as kept.
    path : tuple of bytes
        Siblings from the event up to the root, 32 bytes each.
    stamps : tuple of Stamp
        Of the checkpoint.
    signature : CheckpointSignature, optional
    """

    event: str
    checkpoint: str
    path: tuple[bytes, ...]
    stamps: tuple[Stamp, ...] = ()
    signature: CheckpointSignature | None = None

    def to_dict(self) -> dict[str, Json]:
        """Return the proof as a document."""
        return {
            "format": PROOF_FORMAT,
            "event": self.event,
            "checkpoint": self.checkpoint,
            "path": [one.hex() for one in self.path],
            "stamps": [
                {"authority": one.authority, "response": b64encode(one.response).decode()}
                for one in self.stamps
            ],
            "signature": self.signature.to_dict() if self.signature else None,
        }

    @classmethod
    def from_dict(cls, document: Json) -> "Proof":
        """Return the proof of a document.

        Raises
        ------
        LedgerError
            ``ledger.not_a_proof``.
        """
        try:
            if document["format"] != PROOF_FORMAT:
                raise ValueError(document["format"])
            return cls(
                event=str(document["event"]),
                checkpoint=str(document["checkpoint"]),
                path=tuple(bytes.fromhex(one) for one in document["path"]),
                stamps=tuple(
                    Stamp(str(one["authority"]), b64decode(one["response"], validate=True))
                    for one in document["stamps"]
                ),
                signature=CheckpointSignature.from_dict(document.get("signature")),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise LedgerError("ledger.not_a_proof") from error

    def check(self) -> tuple[Event, Checkpoint]:
        """Return the proven event if the path is valid. `bixie.ledger.timestamps.check` verifies stamps.

        Raises
        ------
        LedgerError
            ``ledger.proof_fails``.
        """
        try:
            event, checkpoint = event_from_body(self.event), checkpoint_from_body(self.checkpoint)
            root = bytes.fromhex(checkpoint.root)
        except (CanonicalError, ValueError) as error:
            raise LedgerError("ledger.proof_fails") from error
        leaf = leaf_hash(bytes.fromhex(hash_of_body(self.event)))
        fits = verify_inclusion(leaf, event.sequence - 1, checkpoint.size, self.path, root)
        if not fits or event.tenant != checkpoint.tenant:
            raise LedgerError("ledger.proof_fails")
        return event, checkpoint
