"""Packages made in memory, with a small ledger of their own."""

import io
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bixie.dossier.inside import VERIFIERS, verifier
from bixie.dossier.package.contents import EVENTS, EXHIBITS, OPENINGS, PROOFS, REDACTIONS, STAMPS
from bixie.dossier.package.writing import PackageWriter, Stamper
from bixie.kit.canonical_json import Json, encode_canonical
from bixie.ledger.merkle import Frontier, inclusion_proof, leaf_hash
from bixie.ledger.rules import GENESIS, Checkpoint, Event, commitment, hash_of_body, signed_message
from bixie.ledger.signing import Signer

__all__ = ["KEY", "MADE_AT", "make_package", "package_of", "parts_of_package"]

KEY = Signer(Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
MADE_AT = "2026-03-01T09:00:00.000Z"
_SALT = b"\5" * 32
_TEXT = "杯口有一道裂纹"


def make_package(
    files: Mapping[str, bytes] | None = None,
    authorities: Sequence[Stamper] = (),
    *,
    signer: Signer = KEY,
    created_at: str = MADE_AT,
    changes: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a package that holds.

    Parameters
    ----------
    files : dict of str to bytes, optional
        Exhibits by their names.
    authorities : sequence of Stamper
        Who stamps manifest and checkpoint.
    signer : Signer
    created_at : str
        When checkpoint and package were made.
    changes : dict of str to bytes, optional
        Files put in place of others before the seal is set.
    """
    given = {"photo.jpg": b"\xff\xd8 a photo \xff\xd9"} if files is None else files
    parts = parts_of_package(given, authorities, signer=signer, created_at=created_at)
    return package_of({**parts, **(changes or {})}, authorities, signer=signer, created_at=created_at)


def package_of(
    parts: Mapping[str, bytes],
    authorities: Sequence[Stamper] = (),
    *,
    signer: Signer = KEY,
    created_at: str = MADE_AT,
) -> bytes:
    """Return the package of these files, sealed."""
    written = io.BytesIO()
    writer = PackageWriter(written)
    for path, data in sorted(parts.items()):
        writer.add(path, [data])
    writer.finish("case_1", created_at, "1.0", signer, authorities)
    return written.getvalue()


def parts_of_package(
    files: Mapping[str, bytes], authorities: Sequence[Stamper], *, signer: Signer, created_at: str
) -> dict[str, bytes]:
    """Return the files of a package by their paths."""
    exhibits = {f"exhibits/{number}-{name}": data for number, (name, data) in enumerate(files.items(), 1)}
    bodies = _chain(list(exhibits.values()), created_at)
    checkpoint, paths = _proven(bodies, created_at)
    body = checkpoint.body()
    listed = [
        {"id": f"exhibit_{number}", "path": path, "event": number + 1}
        for number, path in enumerate(exhibits, 1)
    ]
    proofs = {
        "checkpoint": body,
        "paths": {str(number): [one.hex() for one in path] for number, path in paths.items()},
        "public": signer.public.text,
        "signature": signer.sign(signed_message(body)),
    }
    documents: dict[str, Json] = {
        EXHIBITS: listed,
        OPENINGS: [{"sequence": 1, "name": "text", "salt": _SALT.hex(), "value": _TEXT}],
        REDACTIONS: [],
        PROOFS: proofs,
        STAMPS: [
            {"authority": one.url, "response": b64encode(one.stamp(body.encode())).decode()}
            for one in authorities
        ],
    }
    return {
        **exhibits,
        **{name: verifier(name) for name in VERIFIERS},
        **{path: encode_canonical(value) for path, value in documents.items()},
        EVENTS: "".join(f"{one}\n" for one in bodies).encode(),
    }


def _chain(exhibits: Sequence[bytes], time: str) -> list[str]:
    """Return bodies: a claim with a text, each exhibit's receipt, and one more that no extract needs."""
    said: list[tuple[str, str, dict[str, Json], dict[str, str]]] = [
        ("claim.filed", "case_1", {}, {"text": commitment(_SALT, _TEXT)}),
        *(
            ("exhibit.received", f"exhibit_{number}", {"sha256": sha256(data).hexdigest()}, {})
            for number, data in enumerate(exhibits, 1)
        ),
        ("order.imported", "order_9", {}, {}),
    ]
    bodies, previous = list[str](), GENESIS
    for sequence, (kind, subject, data, personal) in enumerate(said, 1):
        event = Event("tenant_1", sequence, previous, kind, subject, "person_1", time, data, personal)
        bodies.append(event.body())
        previous = hash_of_body(bodies[-1])
    return bodies


def _proven(bodies: Sequence[str], time: str) -> tuple[Checkpoint, dict[int, list[bytes]]]:
    tree, nodes = Frontier(), dict[tuple[int, int], bytes]()
    for place, body in enumerate(bodies):
        leaf = leaf_hash(bytes.fromhex(hash_of_body(body)))
        nodes[0, place] = leaf
        nodes |= {(level, position): hash_ for level, position, hash_ in tree.push(leaf)}
    size = len(bodies)
    made = Checkpoint("tenant_1", size, tree.root().hex(), hash_of_body(bodies[-1]), time)
    paths = {
        number: inclusion_proof(number - 1, size, lambda *place: nodes[place])
        for number in range(1, size + 1)
    }
    return made, paths
