"""People are notified: inside Bixie, by e-mail and by SMS, and what is personal can be erased."""

from email import message_from_bytes
from email.policy import default

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bixie.access.principal import Principal, Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import reading, writing
from bixie.identity.errors import NotAllowedError, NotThereError
from bixie.identity.service import add_person
from bixie.jobs.service import retry
from bixie.notices.deliveries import send_again
from bixie.notices.errors import NoNoticeError, NoticeError
from bixie.notices.models import Delivery, Notice
from bixie.notices.rules import Channel
from bixie.notices.service import Message, erase_party, inbox, mark_read, notify
from bixie.notices.standard_webhooks import verify

LINK = "https://bixie.example.com/c/1?t=abc"
VALUES = {"visit": "claim_1", "when": "26 日上午", "technician": "王师傅", "link": LINK}
SUBJECT = "上门维修已预约（claim_1）：26 日上午"
BOOKED = Message("visit_booked", VALUES, "claim_1")
BOTH = Message("visit_booked", VALUES, "claim_1", by=(Channel.EMAIL, Channel.SMS))


@pytest.fixture
def say(store, clock):
    def one(house, message=BOOKED, **whom):
        with writing(store, house.program) as session:
            return notify(session, message, **(whom or {"party": house.buyer.id}), clock=clock)

    return one


def box(store, principal, **more):
    with reading(store, principal) as session:
        return inbox(session, **more)


def test_a_buyer_finds_the_message_and_gets_the_mail(store, ours, say, work, post_office, delivery, told):
    (made,) = say(ours)
    assert work(ours) == 1
    (raw,) = post_office.letters
    back = message_from_bytes(raw, policy=default)
    assert (back["Subject"], back["To"]) == (SUBJECT, "zhang@example.com")
    assert back["Message-ID"] == f"<{made.id}@example.com>"
    assert LINK in back.get_content()
    assert post_office.recipients == ["<zhang@example.com>"]
    (notice,) = box(store, ours.buyer_self)
    assert (notice.subject, notice.about, notice.read_at) == (SUBJECT, "claim_1", None)
    kept = delivery(ours, made.id)
    assert (kept.state, kept.failures, kept.address, kept.content) == ("done", 0, None, None)
    assert [kind for kind, _ in told(ours, "claim_1")] == ["notice.told"]
    ((kind, data),) = told(ours, made.id)
    assert (kind, data["attempts"]) == ("notice.sent", 1)
    assert work(ours) == 0


def test_a_message_falls_with_the_transaction_that_tells_it(store, ours, work):
    def fail():
        with writing(store, ours.program) as session:
            notify(session, BOOKED, party=ours.buyer.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert work(ours) == 0
    assert box(store, ours.buyer_self) == []


def test_an_sms_goes_to_the_gateway_signed_and_short(ours, say, work, sms, clock):
    made = {one.channel: one for one in say(ours, BOTH)}
    assert work(ours) == 2
    ((path, headers, body),) = sms.got
    assert path == "/hook"
    assert verify(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], headers, body, clock()) == made["sms"].id
    sentence = f"上门维修：26 日上午，王师傅，单号 claim_1，开门前请核对。改约：{LINK}"
    text = f'{{"id":"{made["sms"].id}","text":"{sentence}","to":"13800138000"}}'
    assert body.decode() == text


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("status", "state"),
    [
        *((status, "done") for status in (200, 202, 409)),
        *((status, "dead") for status in (400, 404, 422)),
        *((status, "waiting") for status in (302, 408, 425, 429, 500)),
    ],
)
def test_what_the_gateway_answers_decides(ours, say, work, sms, delivery, status, state):
    message = Message(BOOKED.template, BOOKED.values, "claim_1", by=[Channel.SMS])
    (made,) = say(ours, message)
    sms.answers = [(status, {"Retry-After": "7200"}, b"")]
    work(ours)
    assert delivery(ours, made.id).state == state


def test_who_has_no_address_still_finds_the_message(store, ours, say):
    assert say(ours, BOTH, party=ours.rival.id) == []
    rival = Principal(ours.tenant, "person_r", Role.CLERK, ours.rival.id)
    assert len(box(store, rival)) == 1


def test_a_person_is_written_to_where_the_login_name_is_an_address(store, ours, say, work, post_office):
    assert len(say(ours, person=ours.clerk_person.id)) == 1
    work(ours)
    assert post_office.recipients == ["<clerk@a.example.com>"]
    with writing(store, ours.admin) as session:
        other = add_person(session, "wang", Role.CLERK)
    assert say(ours, person=other.id) == []


def test_what_only_the_owner_of_an_address_may_read_lies_nowhere_else(store, ours, say, work, post_office):
    values = {"link": LINK, "until": "26 November"}
    message = Message("password_link", values, ours.clerk_person.id, in_app=False)
    say(ours, message, person=ours.clerk_person.id)
    work(ours)
    assert LINK in message_from_bytes(post_office.letters[0], policy=default).get_content()
    assert box(store, ours.clerk) == []
    with store.engine.connect() as connection:
        kept = [*connection.execute(sa.select(Notice)), *connection.execute(sa.select(Delivery))]
    assert LINK not in str(kept)
    assert "设置您的登录密码" not in str(kept)


def test_everybody_sees_their_own_messages_only(store, ours, theirs, say):
    say(ours)
    say(ours, party=ours.shop.id)
    say(ours, person=ours.admin_person.id)
    say(theirs)
    assert [one.party for one in box(store, ours.buyer_self)] == [ours.buyer.id]
    assert [one.party for one in box(store, ours.clerk)] == [ours.shop.id]
    assert [one.person for one in box(store, ours.admin)] == [ours.admin_person.id]
    assert [one.tenant for one in box(store, theirs.buyer_self)] == [theirs.tenant]


def test_the_box_is_read_page_by_page_newest_first(store, ours, say, clock):
    for _ in range(5):
        clock.pass_(seconds=1)
        say(ours)
    first = box(store, ours.buyer_self, limit=3)
    rest = box(store, ours.buyer_self, before=place_of(first[-1]), limit=3)
    times = [one.made_at for one in [*first, *rest]]
    assert len(times) == 5
    assert times == sorted(times, reverse=True)


def test_that_it_was_read_is_noted_once(store, ours, theirs, say, clock, told):
    say(ours)
    (notice,) = box(store, ours.buyer_self)
    for principal in (theirs.buyer_self, theirs.admin, ours.clerk, ours.admin):
        with pytest.raises(NoNoticeError), writing(store, principal) as session:
            mark_read(session, notice.id, clock)
    first = clock()
    for _ in range(2):
        with writing(store, ours.buyer_self) as session:
            mark_read(session, notice.id, clock)
        clock.pass_(hours=1)
    assert box(store, ours.buyer_self)[0].read_at == first
    assert [kind for kind, _ in told(ours, "claim_1")] == ["notice.told", "notice.read"]


def test_strangers_and_nobody_are_told_nothing(store, ours, theirs, say):
    for whom, kind in (
        ({"party": theirs.buyer.id}, NotThereError),
        ({"person": theirs.clerk_person.id}, NoNoticeError),
        ({"party": ours.buyer.id, "person": ours.clerk_person.id}, NoticeError),
        ({"party": None}, NoticeError),
    ):
        with pytest.raises(kind):
            say(ours, **whom)


def test_erasing_a_party_takes_its_messages_and_stops_what_waits(store, ours, say, work, post_office):
    say(ours, BOTH)
    say(ours, party=ours.shop.id)
    with writing(store, ours.admin) as session:
        erase_party(session, ours.buyer.id)
    with store.engine.connect() as connection:
        kept = str([*connection.execute(sa.select(Notice)), *connection.execute(sa.select(Delivery))])
    assert not any(word in kept for word in ("zhang@example.com", "13800138000"))
    assert work(ours) == 0
    assert post_office.letters == []
    assert box(store, ours.buyer_self) == []
    assert len(box(store, ours.clerk)) == 1


def test_what_was_erased_cannot_be_sent_again(store, ours, say, work, post_office, delivery, clock):
    (made,) = say(ours)
    with writing(store, ours.admin) as session:
        erase_party(session, ours.buyer.id, clock)
    assert delivery(ours, made.id).error["code"] == "notices.erased"
    with writing(store, ours.admin) as session, pytest.raises(NoNoticeError):
        send_again(session, made.id)
    with store.writing(Session) as session:
        retry(session, delivery(ours, made.id).job.id, clock=clock)
    work(ours)
    assert (delivery(ours, made.id).state, post_office.letters) == ("dead", [])


def test_a_stranger_erases_nothing(store, ours, theirs, say):
    say(ours)
    for principal, kind in ((theirs.admin, NotThereError), (ours.buyer_self, NotAllowedError)):
        with pytest.raises(kind), writing(store, principal) as session:
            erase_party(session, ours.buyer.id)
    assert len(box(store, ours.buyer_self)) == 1


def test_what_was_given_up_a_person_can_have_sent_again(
    store, ours, theirs, say, work, post_office, delivery, clock
):
    (made,) = say(ours)
    post_office.answers["RCPT"] = "550 no such mailbox"
    work(ours)
    assert delivery(ours, made.id).state == "dead"
    assert delivery(ours, made.id).error["code"] == "notices.mail_refused"
    for principal, kind in ((theirs.admin, NoNoticeError), (ours.clerk, NotAllowedError)):
        with pytest.raises(kind), writing(store, principal) as session:
            send_again(session, made.id)
    post_office.answers["RCPT"] = "250 ok"
    with writing(store, ours.admin) as session:
        send_again(session, made.id, clock)
    assert work(ours) == 1
    assert delivery(ours, made.id).state == "done"
    with writing(store, ours.admin) as session, pytest.raises(NoNoticeError):
        send_again(session, made.id)
