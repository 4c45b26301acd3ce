"""Messages and a mail server that refuses, is away, or wants TLS and a password."""

from base64 import b64decode

import pytest
from sqlalchemy.orm import Session
from tests.integration.conftest import DATABASES
from tests.integration.notices.servers import certificate, mail_server, silent_server

from bixie.access.tenancy import writing
from bixie.jobs.service import retry
from bixie.notices.mail import MailServer
from bixie.notices.sending import Channels
from bixie.notices.service import Message, notify

pytestmark = pytest.mark.parametrize("location", DATABASES[:1], indirect=True)
"""What a mail server answers is the same on both databases; `test_messages` sends on both."""

MESSAGE = Message("case_news", {"claim": "claim_1", "happened": "商家已答复"}, "claim_1")


@pytest.fixture
def waiting(store, ours, clock):
    """A message that waits."""
    with writing(store, ours.program) as session:
        return notify(session, MESSAGE, party=ours.buyer.id, clock=clock)[0]


def server(port, scheme="smtp", host="127.0.0.1", user="", password="", roots=""):
    return Channels(MailServer(scheme, host, port, user, password, "no-reply@example.com", str(roots)))


@pytest.mark.parametrize(
    ("stage", "answer", "state"),
    [
        ("RCPT", "550 no such mailbox", "dead"),
        ("RCPT", "450 try later", "waiting"),
        ("MAIL", "550 not from you", "dead"),
        ("MAIL", "451 busy", "waiting"),
        ("DATA", "554 no", "dead"),
        ("DATA", "452 full", "waiting"),
    ],
)
def test_what_the_server_answers_decides(ours, waiting, work, post_office, delivery, stage, answer, state):
    post_office.answers[stage] = answer
    assert work(ours) == 1
    kept = delivery(ours, waiting.id)
    assert kept.state == state
    assert kept.error["code"] == "notices.mail_refused"
    assert answer[:3] in kept.error["en"]


def test_a_server_that_is_away_or_hangs_up_is_tried_again(ours, waiting, work, delivery):
    with silent_server() as port:
        pass  # nobody listens there now
    work(ours, server(port))
    kept = delivery(ours, waiting.id)
    assert (kept.state, kept.error["code"]) == ("waiting", "notices.no_answer")


def test_without_a_server_messages_wait_and_nothing_is_tried(ours, waiting, work, delivery, clock):
    assert work(ours, Channels()) == 0
    clock.pass_(days=2)
    assert (delivery(ours, waiting.id).state, delivery(ours, waiting.id).failures) == ("waiting", 0)
    assert work(ours) == 1


def test_what_waited_for_a_week_is_not_sent_any_more(ours, waiting, work, delivery, clock, post_office):
    clock.pass_(days=7, seconds=1)
    work(ours)
    kept = delivery(ours, waiting.id)
    assert (kept.state, kept.error["code"]) == ("dead", "notices.too_old")
    assert post_office.letters == []


def test_what_became_too_old_is_sent_when_a_person_retries_it(
    store, ours, waiting, work, delivery, clock, post_office
):
    clock.pass_(days=8)
    work(ours)
    with store.writing(Session) as session:
        retry(session, delivery(ours, waiting.id).job.id, clock=clock)
    work(ours)
    assert delivery(ours, waiting.id).state == "done"
    assert len(post_office.letters) == 1


@pytest.fixture
def secure(tmp_path):
    """A server that offers TLS, and the certificate to trust it by."""
    path, context = certificate(tmp_path, "localhost")
    with mail_server(context) as box:
        yield box, path


def test_password_and_message_go_over_tls(ours, waiting, work, delivery, secure):
    box, path = secure
    work(ours, server(box.port, "smtp+starttls", "localhost", "user", "password", path))
    assert delivery(ours, waiting.id).state == "done"
    assert (box.secure, len(box.letters)) == ([True], 1)


def test_a_server_that_offers_no_tls_gets_neither_password_nor_message(
    ours, waiting, work, delivery, post_office
):
    work(ours, server(post_office.port, "smtp+starttls", "localhost", "user", "password"))
    assert delivery(ours, waiting.id).state == "waiting"
    assert (post_office.logins, post_office.letters) == ([], [])


def test_a_certificate_that_is_not_trusted_gets_nothing(ours, waiting, work, delivery, secure):
    box, _ = secure
    work(ours, server(box.port, "smtp+starttls", "localhost", "user", "password"))
    assert delivery(ours, waiting.id).state == "waiting"
    assert (box.logins, box.letters) == ([], [])


def test_wrong_credentials_of_the_operator_do_not_end_a_message(ours, waiting, work, delivery, post_office):
    post_office.answers["AUTH"] = "535 wrong"
    channels = server(post_office.port, user="user", password="secret")
    work(ours, channels)
    assert delivery(ours, waiting.id).state == "waiting"
    assert b64decode(post_office.logins[0]) == b"\0user\0secret"
    assert "secret" not in str(delivery(ours, waiting.id).error)
