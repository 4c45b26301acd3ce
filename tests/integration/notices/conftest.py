"""The houses of the identity tests, and servers to send to."""

import pytest
from tests.integration.identity.conftest import House, SetClock
from tests.integration.notices.servers import mail_server, receiver

from bixie.access.tenancy import reading, reading_every_tenant
from bixie.ledger.repository import events_about
from bixie.ledger.rules import event_from_body
from bixie.ledger.verification import verify
from bixie.notices import repository
from bixie.notices.endpoints import parsed
from bixie.notices.mail import MailServer
from bixie.notices.sending import Channels, send_due
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
    """Send what is due for a tenant; return how many attempts were made."""

    def run(house, with_=None, **more):
        return send_due(store, house.program, with_ or channels, lambda: 1.0, clock=clock, **more)

    return run


@pytest.fixture
def delivery(store):
    """One delivery as it is kept."""

    def read(house, id_):
        with reading(store, house.program) as session:
            states = [one for state in repository.State for one in repository.deliveries(session, state, 99)]
        (found,) = [one for one in states if one.id == id_]
        return found

    return read


@pytest.fixture
def told(store):
    """Types and data of the events about a thing."""

    def read(house, subject):
        with reading(store, house.program) as session:
            events = [event_from_body(row.body) for row in events_about(session, subject)]
        return [(event.type, event.data) for event in events]

    return read


@pytest.fixture(autouse=True)
def _ledger_holds(store):
    """Whatever a test did, the ledger holds."""
    yield
    with reading_every_tenant(store) as session:
        verify(session)
