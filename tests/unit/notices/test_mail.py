"""A message as it is written, and settings that are refused."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from bixie.identity.errors import IdentityError
from bixie.kit.errors import SettingError
from bixie.notices.errors import NoticeError
from bixie.notices.mail import MailServer, build_message
from bixie.notices.sending import Channels
from bixie.notices.sms import SmsGateway

MOMENT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def written(
    sender="辟邪 <no-reply@example.com>", to="zhang@example.com", subject="售后申请已收到", body="您好！\n"
):
    return build_message(sender, to, subject, body, delivery="delivery_1", moment=MOMENT)


def test_chinese_goes_out_in_seven_bits_and_comes_back():
    raw = written().as_bytes()
    raw.decode("ascii")
    back = message_from_bytes(raw, policy=default)
    assert back["Subject"] == "售后申请已收到"
    assert str(back["From"]) == "辟邪 <no-reply@example.com>"
    assert back["To"] == "zhang@example.com"
    assert back["Message-ID"] == "<delivery_1@example.com>"
    assert back["Date"].datetime == MOMENT
    assert back["Auto-Submitted"] == "auto-generated"
    assert back.get_content() == "您好！\n"
    assert set(back.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }


@pytest.mark.parametrize("evil", ["\n", "\r", "\r\n", "\r\n\r\n", "\nBcc: all@example.com"])
def test_nobody_adds_a_header(evil):
    with pytest.raises(NoticeError, match=r"notices\.not_a_header"):
        written(subject=f"a{evil}b")
    with pytest.raises(IdentityError, match=r"identity\.not_an_email"):
        written(to=f"zhang@example.com{evil}x")


def test_one_letter_goes_to_one_address():
    for to in ("a@example.com, b@example.com", "a@example.com;b@example.com", "<a@example.com>", ""):
        with pytest.raises(IdentityError):
            written(to=to)


def test_a_line_of_a_body_is_no_header():
    back = message_from_bytes(written(body="Bcc: all@example.com\n\n.\nQUIT\n").as_bytes(), policy=default)
    assert back["Bcc"] is None
    assert back.get_content() == "Bcc: all@example.com\n\n.\nQUIT\n"


def mail(url, sender="no-reply@example.com", **more):
    return MailServer.from_environment({"BIXIE_SMTP_URL": url, "BIXIE_SMTP_FROM": sender, **more})


def test_a_server_is_read_from_the_environment():
    assert mail("") is None
    found = mail("smtps://us%40er:p%2Fw@mail.example.com", BIXIE_SMTP_ROOTS="roots.pem")
    assert (found.scheme, found.host, found.port) == ("smtps", "mail.example.com", 465)
    assert (found.user, found.password, found.roots) == ("us@er", "p/w", "roots.pem")
    assert mail("smtp+starttls://mail.example.com").port == 587
    assert mail("smtp://localhost").port == 25
    assert mail("smtp://127.0.0.1:2525").port == 2525


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://mail.example.com",
        "smtps://",
        "smtps://h:x",
        "smtps://u:%E5%AF%86@h",
    ],
)
def test_a_server_that_cannot_be_or_would_be_spoken_to_in_the_open_is_refused(url):
    with pytest.raises(SettingError, match="not_an_address"):
        mail(url)


@pytest.mark.parametrize("sender", ["", "Bixie", "a@b.cn\nBcc: x@y.cn"])
def test_a_server_needs_a_sender(sender):
    with pytest.raises(SettingError, match="missing"):
        mail("smtps://mail.example.com", sender)


def gateway(url, secret=SECRET):
    return SmsGateway.from_environment({"BIXIE_SMS_URL": url, "BIXIE_SMS_SECRET": secret})


def test_a_gateway_is_read_from_the_environment():
    assert gateway("") is None
    assert gateway("http://10.0.0.5:8000/sms").endpoint.port == 8000
    with pytest.raises(SettingError, match="not_an_address"):
        gateway("sms.example.com")
    for secret in ("", "whsec_", "secret"):
        with pytest.raises(SettingError, match="missing"):
            gateway("http://10.0.0.5/sms", secret)


def test_without_settings_nothing_but_webhooks_is_sent_and_they_not_to_private_places():
    found = Channels.from_environment({})
    assert found.configured == ["webhook"]
    assert not found.allow_private
    everything = {
        "BIXIE_SMTP_URL": "smtps://mail.example.com",
        "BIXIE_SMTP_FROM": "no-reply@example.com",
        "BIXIE_SMS_URL": "https://sms.example.com",
        "BIXIE_SMS_SECRET": SECRET,
        "BIXIE_WEBHOOK_PRIVATE": "yes",
    }
    assert Channels.from_environment(everything).configured == ["email", "sms", "webhook"]
    assert Channels.from_environment(everything).allow_private
