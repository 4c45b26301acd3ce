"""Sessions that see one tenant's rows and no others.

Models of a tenant's data derive from `TenantOwned`, or from `PartyOwned` where a party of the tenant may own
them. A `TenantSession` adds the tenant, and for a party's principal the party, to every statement about them,
in joins and lazy loads as well, and refuses to write rows of another; any other session refuses them
altogether.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, TextClause, event, insert, inspect, or_
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.schema import Table

from bixie.access.principal import Principal
from bixie.store.base import Base
from bixie.store.unit_of_work import Store

__all__ = [
    "EveryTenantSession",
    "PartyOwned",
    "TenantOwned",
    "TenantSession",
    "TwoPartyOwned",
    "UnscopedError",
    "reading",
    "reading_every_tenant",
    "writing",
]


_CHECKED = "bixie_rows_checked"
"""Execution option of an insert whose rows were looked at."""


class UnscopedError(TypeError):
    """Code reads a tenant's data without naming the tenant: a defect of the caller, never of the input."""


class TenantOwned:
    """Mixin of every model whose rows belong to a tenant.

    Every statement names the tenant, so an index begins with it and goes on with what else is asked for.
    There is none of the tenant alone: without statistics SQLite would take it and read all its rows.
    """

    tenant: Mapped[str] = mapped_column()


class PartyOwned(TenantOwned):
    """Mixin of every model whose rows may belong to one party, such as a merchant on a platform.

    A principal of a party reads and writes its own rows only; the tenant's own people see all of them.
    """

    party: Mapped[str] = mapped_column()
    """Id of the party; empty for the tenant itself. Never null: unique constraints ignore nulls."""


class TwoPartyOwned(PartyOwned):
    """Mixin of every model whose rows belong to a merchant and a buyer together, such as a case.

    A principal of either party reads and writes the rows that it is a side of.
    """

    buyer: Mapped[str] = mapped_column()
    """Id of the buyer's party; empty where the tenant has none for it."""


class TenantSession(Session):
    """A session that acts for one principal; repositories of tenants' data take no other kind."""

    @property
    def principal(self) -> Principal:
        """Who acts."""
        principal: Principal = self.info["principal"]
        return principal

    def insert(self, model: type[TenantOwned], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of the tenant at once, without an object for each.

        Parameters
        ----------
        model : type
            One that only the tenant owns, and that nobody listens to: the ledger would not know of its rows.
        rows : sequence of mapping
            Values by the names of attributes, the tenant among them.

        Raises
        ------
        UnscopedError
            For other models, and for a row of another tenant.
        """
        mapper = inspect(model)
        if issubclass(model, PartyOwned) or mapper.dispatch.after_insert:
            raise UnscopedError(f"rows of {model.__name__} are added with session.add, which is checked")
        if any(row["tenant"] != self.principal.tenant for row in rows):
            raise UnscopedError(f"{model.__name__} of another tenant")
        if rows:
            self.execute(insert(model), list(rows), execution_options={_CHECKED: True})


class EveryTenantSession(Session):
    """A session that reads the rows of all tenants: for verifying a store, never for a request."""


@contextmanager
def writing(store: Store, principal: Principal) -> Iterator[TenantSession]:
    """Open the transaction of a request or job; it is committed when the block ends without an exception."""
    with store.writing(TenantSession, principal=principal) as session:
        yield session


@contextmanager
def reading(store: Store, principal: Principal) -> Iterator[TenantSession]:
    """Open a transaction that sees one state of the principal's tenant and changes nothing."""
    with store.reading(TenantSession, principal=principal) as session:
        yield session


@contextmanager
def reading_every_tenant(store: Store) -> Iterator[EveryTenantSession]:
    """Open a transaction that sees one state of all tenants and changes nothing."""
    with store.reading(EveryTenantSession) as session:
        yield session


@event.listens_for(Session, "do_orm_execute")
def _add_tenant_criteria(state: ORMExecuteState) -> None:
    session = state.session
    if isinstance(session, EveryTenantSession):
        if not state.is_select:
            raise UnscopedError("a session of every tenant only reads")
        return
    if not isinstance(session, TenantSession) or not state.is_orm_statement:
        _refuse_tenants_tables(state.statement)
        return
    if state.is_insert:
        if state.execution_options.get(_CHECKED):
            return
        raise UnscopedError("rows are added with session.add or session.insert, which are checked")
    tenant = session.principal.tenant
    state.statement = state.statement.options(
        with_loader_criteria(TenantOwned, lambda model: model.tenant == tenant, include_aliases=True)
    )
    party = session.principal.party
    if party is not None:
        state.statement = state.statement.options(
            with_loader_criteria(PartyOwned, lambda model: _owned_by(model, party), include_aliases=True)
        )


@event.listens_for(Session, "before_flush")
def _check_written_rows(session: Session, _context: object, _instances: object) -> None:
    for one in (*session.new, *session.dirty, *session.deleted):
        if isinstance(one, TenantOwned) and not (
            isinstance(session, TenantSession) and one.tenant == session.principal.tenant
        ):
            raise UnscopedError(f"{type(one).__name__} of another tenant, or in a session without one")
        if isinstance(one, PartyOwned) and session.info["principal"].party not in (None, *_owners(one)):
            raise UnscopedError(f"{type(one).__name__} of another party")


def _owned_by(model: type[PartyOwned], party: str) -> ColumnElement[bool]:
    if issubclass(model, TwoPartyOwned):
        return or_(model.party == party, model.buyer == party)
    return model.party == party


def _owners(row: PartyOwned) -> tuple[str, ...]:
    return (row.party, row.buyer) if isinstance(row, TwoPartyOwned) else (row.party,)


def _refuse_tenants_tables(statement: Any) -> None:
    """Refuse statements about tables of tenants, and text, which cannot be inspected."""
    owned = {mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantOwned)}
    names = {str(table) for table in owned}
    for part in visitors.iterate(statement):
        if isinstance(part, TextClause) or (isinstance(part, Table) and str(part) in names):
            raise UnscopedError(f"not without a tenant: {statement}")
