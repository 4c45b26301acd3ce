"""Consents under the Personal Information Protection Law, and their withdrawal.

A consent names the purpose, the kinds of data, the recipient if there is one (article 23 asks for a separate
consent then), and the exact text that was displayed. Withdrawing (article 15) ends its effect from then on;
the proof that it was given stays.
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
    """The request for a consent.

    Parameters
    ----------
    purpose : str
        Dotted code of the purpose, ``register.compare``.
    kinds : sequence of str
        Codes of the kinds of data, ``phone``.
    text : str
        The words that were displayed; their hash is stored.
    text_version : str
        Version of the text.
    language : {"zh", "en"}
    recipient : str, optional
        Another receiver of the data; None without one.
    """

    purpose: str
    kinds: Sequence[str]
    text: str
    text_version: str
    language: Language
    recipient: str | None = None


def give(session: TenantSession, party: str, asked: Asked, clock: Clock = utc_now) -> Consent:
    """Record that a party agreed, and which principal recorded it.

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    IdentityError
        ``identity.not_a_code`` for purpose or kinds, ``identity.not_a_name``.
    """
    party_of(session, party)
    now = clock()
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
        given_at=now,
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
    append(session, [NewEvent("identity.consent_given", consent.id, data, rows=(consent,))], lambda: now)
    return consent


def withdraw(session: TenantSession, id_: str, clock: Clock = utc_now) -> datetime:
    """Withdraw a consent; return when. Withdrawing again changes nothing.

    Raises
    ------
    NotThereError
        ``identity.no_such_consent``.
    NotAllowedError
        ``identity.not_allowed`` for a policy editor of the tenant.
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
    made = Withdrawal(tenant=consent.tenant, consent=id_, withdrawn_at=now, withdrawn_by=session.principal.id)
    session.add(made)
    append(session, [NewEvent("identity.consent_withdrawn", id_, rows=(made,))], lambda: now)
    return now


def holds(
    session: TenantSession, party: str, purpose: str, recipient: str | None = None, at: datetime | None = None
) -> bool:
    """Return whether a party has a consent for a purpose and recipient in force.

    Parameters
    ----------
    session : TenantSession
    party, purpose : str
    recipient : str or None
        A consent for one recipient does not cover another, nor the absence of one.
    at : datetime, optional
        The moment in question; now by default.
    """
    return any(
        consent.purpose == purpose
        and consent.recipient == recipient
        and (at is None or consent.given_at <= at)
        and (taken is None or (at is not None and at < taken.withdrawn_at))
        for consent, taken in history(session, party)
    )


def history(session: TenantSession, party: str) -> Sequence[tuple[Consent, Withdrawal | None]]:
    """Return all consents of a party, oldest first, each with its withdrawal.

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
