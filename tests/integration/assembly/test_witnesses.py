"""Witnesses that settings name: a web address, a mailbox, a bucket; and what is read there again."""

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import obstore
import pytest
from tests.integration.notices.servers import mail_server, receiver
from tests.integration.object_store import names

from bixie.assembly.witnesses import SECRET, WITNESSES, sources, witnesses_named
from bixie.kit.errors import SettingError
from bixie.ledger.errors import WitnessError
from bixie.ledger.rules import Checkpoint
from bixie.ledger.witnesses.files import FileWitness
from bixie.ledger.witnesses.reading import read_source
from bixie.ledger.witnesses.statements import Statement
from bixie.notices.standard_webhooks import new_secret, verify

HOOK_SECRET = new_secret(lambda count: bytes(range(count)))


def statement(size=3, root="0"):
    return Statement(Checkpoint("tenant_a", size, root * 64, "1" * 64, "2026-11-25T08:30:00.123Z").body())


def named(place, **settings):
    (witness,) = witnesses_named({WITNESSES: place, **settings})
    return witness


def test_a_web_address_gets_each_checkpoint_signed_and_what_it_kept_can_be_read(tmp_path):
    with receiver() as hook:
        witness = named(f"{hook.url}?token=x", **{SECRET: HOOK_SECRET})
        witness.tell(statement())
        witness.tell(statement())
    ids = [verify([HOOK_SECRET], headers, body, datetime.now(UTC)) for _, headers, body in hook.got]
    assert ids[0] == ids[1]
    assert witness.name == hook.url
    (tmp_path / "kept.jsonl").write_bytes(b"\n".join(body for _, _, body in hook.got))
    assert [one.size for one in read_source(str(tmp_path / "kept.jsonl"))] == [3, 3]


@pytest.mark.parametrize("status", [302, 404, 503])
def test_a_web_address_that_refuses_has_not_been_told(status):
    with receiver() as hook:
        hook.answers = [(status, {}, b"")]
        with pytest.raises(WitnessError):
            named(hook.url, **{SECRET: HOOK_SECRET}).tell(statement())
    with pytest.raises(WitnessError):  # it is gone
        named(hook.url, **{SECRET: HOOK_SECRET}).tell(statement())


def test_a_mailbox_gets_the_line_that_can_be_read_again(tmp_path):
    with mail_server() as box:
        smtp = {"BIXIE_SMTP_URL": f"smtp://127.0.0.1:{box.port}", "BIXIE_SMTP_FROM": "bixie@example.com"}
        witness = named("mailto:notary@example.com", **smtp)
        witness.tell(statement())
        box.answers["RCPT"] = "550 no"
        with pytest.raises(WitnessError):
            witness.tell(statement())
    letter = message_from_bytes(
        box.letters[0].encode() if isinstance(box.letters[0], str) else box.letters[0], policy=default
    )
    assert "3 events of tenant_a" in letter["Subject"]
    assert json.loads(letter.get_content()) == statement().to_dict()


def test_a_bucket_keeps_what_it_was_told_first(s3, bucket):
    place = f"s3://{bucket.name}/{bucket.prefix}"
    witness = named(place)
    for one in (statement(), statement(), statement(root="2"), statement(7)):
        witness.tell(one)
    inside = s3.inside(bucket.name)
    kept = names(inside)
    assert [name.rsplit("/", 1)[1][:12] for name in kept] == ["000000000003", "000000000003", "000000000007"]
    said = list(read_source(place, sources()))
    assert [one.size for one in said] == [3, 3, 7]
    obstore.put(inside, kept[0], b"nonsense")
    with pytest.raises(Exception, match="line 1"):
        list(read_source(place, sources()))
    with s3.answering(lambda _request: "403 Forbidden"), pytest.raises(WitnessError):
        witness.tell(statement())


def test_a_place_without_a_scheme_is_a_file_or_folder_and_several_are_parted_by_commas():
    found = witnesses_named({WITNESSES: " elsewhere/bixie.jsonl , folder,"})
    assert [one.name for one in found] == ["elsewhere/bixie.jsonl", "folder"]
    assert all(isinstance(one, FileWitness) for one in found)
    assert witnesses_named({}) == []


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("gopher://a/b", "setting.not_an_address"),
        ("https://witness.example/", "setting.missing"),
        ("mailto:notary@example.com", "setting.missing"),
        ("s3://A", "setting.not_a_bucket"),
    ],
)
def test_a_place_that_cannot_be_told_is_refused_at_once(place, code):
    with pytest.raises(SettingError) as refusal:
        witnesses_named({WITNESSES: place})
    assert refusal.value.code == code
