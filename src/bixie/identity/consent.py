"""What people agreed to under the Personal Information Protection Law, and when they took it back.

A consent names what is done with which kinds of data, for whom where somebody else receives them (article 23
asks for a separate consent then), and the very text that was shown. Withdrawing (article 15) ends its effect
from then on and leaves the proof that it was given.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.identity import repository
from bixie.identity.errors import IdentityError, NotAllowedError, NotThereError
from bixie.identity.models import Consent, Withdrawal
from bixie.identity.rules import checked_name
from bixie.identity.service import party_of
from bixie.kit.ids import new_id
from bixie.kit.messages import Language
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["Asked", "give", "history", "holds", "withdraw"]

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)
_MAX_CODE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person was asked to agree to.

    Parameters
    ----------
    purpose : str
        Dotted code of what is done, ``register.compare``.
    kinds : sequence of str
        Codes of the kinds of data, ``phone``.
    text : str
        The words that were shown; their hash is kept.
    text_version : str
        Under which they are filed.
    language : {"zh", "en"}
    recipient : str, optional
        Who else receives the data; None when nobody does.
    """

    purpose: str
    kinds: Sequence[str]
    text: str
    text_version: str
    language: Language
    recipient: str | None = None


def give(session: TenantSession, party: str, asked: Asked, clock: Clock = utc_now) -> Consent:
    """Keep that a party agreed. The buyer itself acts, or who took its word; that is kept too.

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    IdentityError
        ``identity.not_a_code`` for purpose or kinds, ``identity.not_a_name``.
    """
    party_of(session, party)
    consent = Consent(
        tenant=session.principal.tenant,
        id=new_id("consent", clock),
        party=party,
        purpose=_code(asked.purpose),
        recipient=None if asked.recipient is None else checked_name(asked.recipient, "recipient"),
        kinds=sorted({_code(kind) for kind in asked.kinds}),
        text_version=checked_name(asked.text_version, "text_version"),
        text_hash=hashlib.sha256(asked.text.encode()).hexdigest(),
        language=asked.language,
        given_at=clock(),
        given_by=session.principal.id,
    )
    session.add(consent)
    data: dict[str, Json] = {
        "purpose": consent.purpose,
        "kinds": consent.kinds,
        "text_version": consent.text_version,
        "text_hash": consent.text_hash,
        "language": consent.language,
    }
    personal: dict[str, Json] = {"party": party}
    if consent.recipient is not None:
        personal["recipient"] = consent.recipient
    append(session, [NewEvent("identity.consent_given", consent.id, data, personal)], clock)
    return consent


def withdraw(session: TenantSession, id_: str, clock: Clock = utc_now) -> datetime:
    """Take a consent back; return when. Taking it back again changes nothing.

    Raises
    ------
    NotThereError
        ``identity.no_such_consent``.
    NotAllowedError
        ``identity.not_allowed`` for a key or person that is of no side and takes no claims.
    """
    consent = repository.consent_by_id(session, id_)
    if consent is None or session.principal.party not in (None, consent.party):
        raise NotThereError("identity.no_such_consent")
    if session.principal.party is None and session.principal.role is Role.POLICY_EDITOR:
        raise NotAllowedError("identity.not_allowed")
    earlier = repository.withdrawal_of(session, id_)
    if earlier is not None:
        return earlier.withdrawn_at
    now = clock()
    session.add(
        Withdrawal(tenant=consent.tenant, consent=id_, withdrawn_at=now, withdrawn_by=session.principal.id)
    )
    append(session, [NewEvent("identity.consent_withdrawn", id_)], clock)
    return now


def holds(
    session: TenantSession, party: str, purpose: str, recipient: str | None = None, at: datetime | None = None
) -> bool:
    """Return whether a party agreed to a purpose, for that recipient, and has not taken it back.

    Parameters
    ----------
    session : TenantSession
    party, purpose : str
    recipient : str or None
        A consent for one recipient is none for another, nor for nobody.
    at : datetime, optional
        When it must have held; now when not given.
    """
    return any(
        consent.purpose == purpose
        and consent.recipient == recipient
        and (at is None or consent.given_at <= at)
        and (taken is None or (at is not None and at < taken.withdrawn_at))
        for consent, taken in history(session, party)
    )


def history(session: TenantSession, party: str) -> Sequence[tuple[Consent, Withdrawal | None]]:
    """Return all that a party ever agreed to, oldest first, with what it took back.

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    """
    party_of(session, party)
    return repository.consents_of(session, party)


def _code(text: str) -> str:
    if len(text) > _MAX_CODE or not _CODE.fullmatch(text):
        raise IdentityError("identity.not_a_code", given=text[:_MAX_CODE])
    return text
