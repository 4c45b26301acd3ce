"""Which key signs a tenant's checkpoints: events say so, from the first key on and at each change."""

from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.ledger import repository
from bixie.ledger.errors import LedgerError, NoKeyError
from bixie.ledger.rules import event_from_body, key_message
from bixie.ledger.signing import PublicKey, Signer, key_file_of

__all__ = ["announcement", "current_key", "public_keys", "signer_of"]


def public_keys(session: TenantSession) -> list[PublicKey]:
    """Return the keys that the tenant's ledger has named, oldest first.

    Raises
    ------
    LedgerError
        ``ledger.key_event_unreadable``.
    """
    bodies = repository.key_bodies(session, session.principal.tenant)
    try:
        return [PublicKey.from_text(event_from_body(body).data["public"]) for body in bodies]
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError("ledger.key_event_unreadable") from error


def current_key(session: TenantSession) -> PublicKey | None:
    """Return the key that signs the tenant's checkpoints from now on; None while none does."""
    named = public_keys(session)
    return named[-1] if named else None


def announcement(session: TenantSession, signer: Signer, former: Signer | None) -> dict[str, Json]:
    """Return the data of the event that names a key; the new key and the one before it sign what it says.

    Parameters
    ----------
    session : TenantSession
    signer : Signer
        Whose checkpoints follow.
    former : Signer, optional
        The key until now. None for the first key, and where the former one is lost: whoever trusts only one
        of the two cannot follow from it to the other then.
    """
    before = current_key(session)
    before_id = before.id if before else None
    said = key_message(session.principal.tenant, signer.public.id, signer.public.text, before_id)
    return {
        "key": signer.public.id,
        "public": signer.public.text,
        "former": before_id,
        "signature": signer.sign(said),
        "former_signature": former.sign(said) if former else None,
    }


def signer_of(session: TenantSession) -> Signer | None:
    """Return the key that signs the tenant's next checkpoint; None where the store knows of no key.

    Raises
    ------
    NoKeyError
        ``ledger.key_missing`` where the ledger names a key that is not here.
    SettingError
        When the file that a setting names cannot be read.
    """
    current, file = current_key(session), key_file_of(session.info)
    signer = file.signer_after(current) if file else None
    if current is not None and signer is None:
        raise NoKeyError("ledger.key_missing", signer=current.id)
    return signer
