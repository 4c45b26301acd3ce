"""The houses of the identity tests, and servers to send to."""

from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session
from tests.integration.identity.conftest import House, SetClock
from tests.integration.notices.servers import mail_server, receiver

from bixie.access.tenancy import reading, reading_every_tenant
from bixie.jobs import repository as jobs
from bixie.jobs.attempts import run_job
from bixie.jobs.job_types import by_name
from bixie.ledger.repository import events_about
from bixie.ledger.rules import event_from_body
from bixie.ledger.statements import without_statements
from bixie.ledger.verification import verify
from bixie.notices import repository
from bixie.notices.endpoints import parsed
from bixie.notices.jobs import job_types
from bixie.notices.mail import MailServer
from bixie.notices.rules import Channel, job_name
from bixie.notices.sending import Channels
from bixie.notices.sms import SmsGateway

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def ours(store, clock):
    return House(store, clock, "a")


@pytest.fixture
def theirs(store, clock):
    return House(store, clock, "b")


@pytest.fixture
def post_office():
    with mail_server() as box:
        yield box


@pytest.fixture
def hook():
    with receiver() as got:
        yield got


@pytest.fixture
def sms():
    with receiver() as got:
        yield got


@pytest.fixture
def channels(post_office, sms):
    """Everything configured; webhooks may go to loopback, where the tests are."""
    mail = MailServer("smtp", "127.0.0.1", post_office.port, "", "", "辟邪 <no-reply@example.com>")
    return Channels(mail, SmsGateway(parsed(sms.url), SECRET), allow_private=True)


@pytest.fixture
def work(store, clock, channels):
    """Do the due jobs of a tenant; return how many were attempted."""

    def claim(house, types):
        with store.writing(Session) as session:
            due = jobs.due(session, types.keys(), clock(), 1, tenant=house.tenant)
            jobs.claim(session, due, clock())
        return due

    def run(house, with_=None):
        types, attempts = by_name(job_types(store, with_ or channels, clock)), 0
        while claimed := claim(house, types):
            attempts += 1
            run_job(store, types, claimed[0].id, claimed[0].run, clock=clock, jitter=lambda: 1.0)
        return attempts

    return run


@pytest.fixture
def delivery(store):
    """One delivery and its job, as they are kept."""

    def read(house, id_):
        with reading(store, house.program) as session:
            kept = repository.delivery_by_id(session, id_)
            job = jobs.by_key(session, house.tenant, job_name(Channel(kept.channel)), id_)
        return SimpleNamespace(
            state=job.state,
            job=job,
            due_at=job.due_at,
            failures=job.failures,
            error=job.error,
            address=kept.address,
            content=kept.content,
            ended_at=kept.ended_at,
        )

    return read


@pytest.fixture
def told(store):
    """Types and data of the events about a thing; what they say of rows is left out."""

    def read(house, subject):
        with reading(store, house.program) as session:
            events = [event_from_body(row.body) for row in events_about(session, subject)]
        return [(event.type, without_statements(event.data)) for event in events]

    return read


@pytest.fixture(autouse=True)
def _ledger_holds(store):
    """Whatever a test did, the ledger holds."""
    yield
    with reading_every_tenant(store) as session:
        verify(session)
