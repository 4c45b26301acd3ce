"""A small store with something of everything that can be tampered with."""

import io
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from tests.services.authorities import Keys, serving
from tests.services.worker_runs import wait_for

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.assembly.stores import blobs_of, ready_store
from bixie.assembly.worker import build_worker
from bixie.identity import consent
from bixie.identity import service as identity
from bixie.identity.authentication import end_session
from bixie.identity.consent import Asked
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.signin.login import Login, log_in
from bixie.identity.signin.password_links import keep_password
from bixie.identity.signin.passwords import Strength, hash_password
from bixie.identity.signin.second_factor import begin, confirm
from bixie.identity.signin.totp import SECRET_BYTES, code_at, step_at
from bixie.identity.signing import rotate
from bixie.imaging.limits import Limits
from bixie.kit.timestamps import utc_now
from bixie.ledger.service import NewEvent, append, checkpoint, stamp
from bixie.ledger.signing import KEY_SETTING, KeyFile
from bixie.ledger.timestamps import Authority, named_authorities
from bixie.ledger.witnesses.files import FileWitness
from bixie.ledger.witnesses.handing_over import tell_witness
from bixie.notices.service import Message, add_target, disable_target, notify
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.checking import check
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.retention.service import hold, set_retention
from bixie.vault.service import Upload, keep_bytes, receive, stage

__all__ = ["Population", "environment", "populate"]

_OTHER = "tenant_other"
_PASSWORD = "kettle lamp window"
_QUICK = Strength(cost=4, block=8, lanes=1)
_VALUES = {"link": "https://shop.example/password", "until": "2030-01-01"}
_FEW = 6
"""Events between two checkpoints, beside those of the rows."""
_TILE = 256
"""So many events have a stored hash of the tree over them."""


@dataclass(frozen=True, slots=True)
class Population:
    """A populated store.

    Parameters
    ----------
    folder : Path
        Holds the folder ``data`` of the store, and outside of it what the witness and the authority have.
    location : Location
    tenant, other : str
        The tenant with everything in it, and one with a few events.
    """

    folder: Path
    location: Location
    tenant: str
    other: str

    @property
    def witness(self) -> Path:
        """What the witness has."""
        return self.folder / "witness.jsonl"

    @property
    def key(self) -> Path:
        """The file with the key that signs, which a setting names."""
        return self.folder / "key.pem"

    @property
    def public(self) -> str:
        """The public key, as somebody outside has noted it."""
        signer = KeyFile(self.key).signer()
        return signer.public.text if signer else ""

    @property
    def settings(self) -> dict[str, str]:
        """What the one who verifies has set."""
        return {"BIXIE_TIMESTAMP_ROOTS": str(self.folder / "authority" / "root.pem")}

    def moved(self, folder: Path, location: Location) -> "Population":
        """Return the same in another place."""
        return replace(self, folder=folder, location=location)


def populate(folder: Path, url: str | None) -> Population:
    """Make a store in a folder, on the database of the address if one is given."""
    location = Location.find(str(folder / "data"), url, environment={})
    KeyFile(folder / "key.pem", beside_store=True).signer(create=True)
    witness = FileWitness(folder / "witness.jsonl")
    with environment({KEY_SETTING: str(folder / "key.pem")}):
        return _populated(folder, location, witness)


def _populated(folder: Path, location: Location, witness: FileWitness) -> Population:
    store = ready_store(location)
    try:
        with writing(store, identity.founder()) as session:
            identity.add_tenant(session, "辟邪百货", TenantKind.PLATFORM)
            admin = Principal(session.principal.tenant, "program_bench", Role.PROGRAM)
        with _authority(folder) as authority:
            _people(store, admin)
            _examined(store, admin, location)
            _witnessed(store, admin, authority, witness)
            _rules(store, admin)
            _happened(store, admin, _TILE)
            _witnessed(store, admin, authority, witness)
            _happened(store, admin, 3)  # a tail that no checkpoint covers yet
        other = Principal(_OTHER, "program_bench", Role.PROGRAM)
        _happened(store, other, _FEW)
        with writing(store, other) as session:
            checkpoint(session)
        tell_witness(store, other, witness)
    finally:
        store.close()
    return Population(folder, location, admin.tenant, _OTHER)


@contextmanager
def environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set these for the time of a block, and nothing else that speaks of Bixie."""
    before = dict(os.environ)
    for name in [one for one in os.environ if one.startswith("BIXIE_") and one != "BIXIE_SHARED"]:
        del os.environ[name]
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _authority(folder: Path) -> Iterator[Authority]:
    keys = Keys(folder / "authority", "Authority")
    with serving(lambda query: (200, keys.answer(query))) as url:
        settings = {"BIXIE_TIMESTAMP_URL": url, "BIXIE_TIMESTAMP_ROOTS": str(keys.roots)}
        yield from named_authorities(settings)


def _happened(store: Store, principal: Principal, count: int) -> None:
    with writing(store, principal) as session:
        append(
            session,
            [
                NewEvent("bench.happened", f"thing_{n}", {"n": n}, {"name": f"张{n}"} if n % 2 else {})
                for n in range(count)
            ],
        )


def _people(store: Store, admin: Principal) -> None:
    with writing(store, admin) as session:
        merchant = identity.add_party(session, PartyKind.MERCHANT, reference="m-1", name="好店")
        identity.add_party(session, PartyKind.BUYER, reference="b-1", name="李四", phone="+8613800138000")
        identity.add_person(session, "clerk", Role.CLERK, name="王五")
        boss = identity.add_person(session, "admin", Role.ADMIN, name="赵六")
        left = identity.add_person(session, "gone", Role.CLERK, name="钱七")
        identity.disable_person(session, left.id)
        keep_password(session, boss, hash_password(_PASSWORD, _QUICK), by="setup")
        identity.add_key(session, Role.API_KEY, label="shop")
        gone = identity.add_key(session, Role.API_KEY, label="former", party=merchant.id)
        identity.revoke_key(session, gone.row.id)
        rotate(session)
        rotate(session, retire=True)
        for purpose in ("register.compare", "register.former"):
            asked = Asked(purpose, ["phone"], "同意", "1", "zh")
            given = consent.give(session, merchant.id, asked)
        consent.withdraw(session, given.id)
        notify(session, Message("password_link", _VALUES, boss.id), person=boss.id)
    _signed_in(store, admin.tenant, boss.id)


def _signed_in(store: Store, tenant: str, person: str) -> None:
    """Turn a person's second factor on, and sign it in and out."""
    with writing(store, Principal(tenant, person, Role.ADMIN)) as session:
        begin(session, "Bixie", bytes)
    with writing(store, Principal(tenant, person, Role.ADMIN)) as session:
        recovery = confirm(session, code_at(bytes(SECRET_BYTES), step_at(utc_now())))
    for code in recovery[-2:]:
        got = log_in(store, tenant, Login("admin", _PASSWORD, "192.0.2.1", code=code), strength=_QUICK)
    end_session(store, got.session)


def _examined(store: Store, admin: Principal, location: Location) -> None:
    """Keep files for two orders, and have a worker examine the claims."""
    orders = [
        {"number": number, "ordered_at": "2026-11-20 10:00", "items": [{"sku": "cup", "price": "19.90"}]}
        for number in ("A-1", "A-2")
    ]
    with writing(store, admin) as session:
        import_orders(session, [OrderIn.model_validate(one) for one in orders])
    roles = (ExhibitRole.LISTING, ExhibitRole.PACKING, ExhibitRole.CLAIM)
    for number in ("A-1", "A-2"):
        for role in roles:
            _keep(store, admin, location, number, role)
    with build_worker(location) as worker:
        working = threading.Thread(target=worker.run)
        working.start()
        try:
            wait_for(store)
        finally:
            worker.stop()
            working.join()


def _keep(store: Store, admin: Principal, location: Location, number: str, role: ExhibitRole) -> None:
    blobs, limits = blobs_of(location), Limits()
    noise = np.random.default_rng(sum(f"{number}{role}".encode())).integers(0, 255, (6, 8, 3), np.uint8)
    _, data = cv2.imencode(".jpg", cv2.resize(noise, (128, 96), interpolation=cv2.INTER_CUBIC))
    upload = Upload(io.BytesIO(data.tobytes()), f"{role}.jpg", number, role)
    with stage(blobs, upload, limits) as staged, writing(store, admin) as session:
        keep_bytes(blobs, admin.tenant, staged)
        exhibit = receive(session, blobs, staged)
    check(store, admin, blobs, exhibit.id, limits)


def _rules(store: Store, admin: Principal) -> None:
    with writing(store, admin) as session:
        hold(session, "争议处理中", order_number="A-1")
        set_retention(session, ExhibitRole.CLAIM, 3650)
        add_target(session, "https://shop.example/hook")
        disable_target(session, add_target(session, "https://shop.example/former").id)


def _witnessed(store: Store, admin: Principal, authority: Authority, witness: FileWitness) -> None:
    _happened(store, admin, _FEW)
    with writing(store, admin) as session:
        checkpoint(session)
    stamp(store, admin, authority)
    tell_witness(store, admin, witness)
