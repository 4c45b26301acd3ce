"""The dependency of every ``api.py``: the caller, and what a request works with.

An endpoint depends on `current_call`. This room knows no web: the room that mounts the endpoints overrides
it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bixie.access.errors import NoSuchPartyError, NotAllowedError
from bixie.access.idempotency import Step, fingerprint, is_answered, once, once_in_steps
from bixie.access.paging import PageQuery, Window
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.imaging.limits import Limits
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import Clock
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store

__all__ = ["Call", "UploadGrant", "current_call"]


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """What the holder of a link may upload: files of a claim, for one order.

    Parameters
    ----------
    order : str
        Its number.
    party : str
        Whose order it is; the files become that party's. Empty for the tenant itself.
    max_bytes : int
        Of one file.
    """

    order: str
    party: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the service.

    Parameters
    ----------
    principal : Principal
        The caller.
    store : Store
    blobs : Blobs
    limits : Limits
        For files.
    clock : callable
    is_merchant : callable
        Returns whether the tenant has a merchant with an id.
    knows_order : callable
        Returns whether a party, or the tenant itself with an empty text, has an order with a number.
    idempotency_key : str or None
    upload_grant : UploadGrant or None
        Of a caller with a link, who may upload and do nothing else.
    """

    principal: Principal
    store: Store
    blobs: Blobs
    limits: Limits
    clock: Clock
    is_merchant: Callable[[str], bool] = lambda _: False
    knows_order: Callable[[str, str], bool] = lambda _party, _number: True
    idempotency_key: str | None = None
    upload_grant: UploadGrant | None = None

    def allow(self, roles: frozenset[Role]) -> None:
        """Refuse other roles; a party's principal with one of these sees its own only.

        Raises
        ------
        NotAllowedError
            ``access.not_allowed``.
        """
        if self.principal.role not in roles:
            raise NotAllowedError("access.not_allowed")

    def allow_tenant(self, roles: frozenset[Role]) -> None:
        """Refuse other roles, and every principal of a party.

        Raises
        ------
        NotAllowedError
            ``access.not_allowed``; ``access.not_for_a_party`` for a principal of a party.
        """
        self.allow(roles)
        if self.principal.party is not None:
            raise NotAllowedError("access.not_for_a_party")

    def party(self, named: str | None) -> str:
        """Return the owner of what the request creates: the caller's party, or the one that staff names.

        Raises
        ------
        NoSuchPartyError
            ``access.no_such_party``, also for a party's principal that names another.
        """
        own = self.principal.party
        if named in (None, own):
            return own or ""
        if own is not None or not self.is_merchant(named):
            raise NoSuchPartyError("access.no_such_party")
        return named

    def reading(self) -> AbstractContextManager[TenantSession]:
        """Open a transaction that changes nothing."""
        return reading(self.store, self.principal)

    def writing(self) -> AbstractContextManager[TenantSession]:
        """Open the transaction of the request."""
        return writing(self.store, self.principal)

    def once(
        self,
        operation: str,
        parts: tuple[bytes, ...],
        work: Callable[[TenantSession], Json],
        *,
        before: Callable[[], None] | None = None,
    ) -> Json:
        """Do the work in a transaction, once for each ``Idempotency-Key``; return its answer.

        What takes long is done `before`, in no transaction, unless the key has its answer already. It may be
        done twice.
        """
        given = fingerprint(operation, *parts)
        if before is not None and not self._is_answered(given):
            before()
        with self.writing() as session:
            return once(session, self.clock, self.idempotency_key, given, work)

    def once_in_steps(self, operation: str, parts: tuple[bytes, ...], step: Step) -> Json:
        """Do steps, each in a transaction of its own and once for each ``Idempotency-Key``."""
        given = fingerprint(operation, *parts)
        return once_in_steps(self.writing, self.clock, self.idempotency_key, given, step)

    def _is_answered(self, given: str) -> bool:
        if self.idempotency_key is None:
            return False
        with self.reading() as session:
            return is_answered(session, self.clock, self.idempotency_key, given)

    def window(self, of: str, query: PageQuery) -> Window:
        """Return the requested part of a list."""
        return Window.asked(self.principal.tenant, of, query)


def current_call() -> Call:
    """Return the current call; the room that mounts the endpoints overrides this."""
    raise RuntimeError("the endpoint is mounted without an override of current_call")
