"""The three keys of a demo: made once, written to its folder, and replaced where the file was lost."""

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, writing
from bixie.assembly.demo.folder import DemoFolder
from bixie.identity import repository
from bixie.identity.authentication import authenticate_key
from bixie.identity.errors import CredentialError
from bixie.identity.service import add_key, revoke_key
from bixie.store.unit_of_work import Store

__all__ = ["NAMES", "provide_keys"]

NAMES = ("platform", "merchant", "reviewer")
_LABEL = "bixie demo"


def provide_keys(store: Store, folder: DemoFolder, principal: Principal, merchant: str) -> None:
    """Have a file with keys that are valid.

    Parameters
    ----------
    store : Store
    folder : DemoFolder
    principal : Principal
        Who adds keys.
    merchant : str
        Id of the merchant that one of the keys is for.
    """
    there = folder.keys()
    if all(_is_valid(store, principal.tenant, there.get(name, "")) for name in NAMES):
        return
    with writing(store, principal) as session:
        _revoke_former(session)
        keys = {
            "platform": add_key(session, Role.API_KEY, label=_LABEL).text,
            "merchant": add_key(session, Role.API_KEY, label=_LABEL, party=merchant).text,
            "reviewer": add_key(session, Role.REVIEWER, label=_LABEL).text,
        }
    # A start that is cut off here has lost the texts of these keys; the next one revokes them.
    folder.write_keys(keys)


def _is_valid(store: Store, tenant: str, text: str) -> bool:
    try:
        return authenticate_key(store, text).tenant == tenant
    except CredentialError:
        return False


def _revoke_former(session: TenantSession) -> None:
    for key in repository.keys(session, None, None, 1000):
        if key.label == _LABEL and key.revoked_at is None:
            revoke_key(session, key.id)
