"""What is read as a witness's record may be written by anybody: it is refused by line, never by a crash."""

import io
import json
import os
import random
from contextlib import suppress

import pytest

from bixie.ledger.errors import BrokenLedger, WitnessError
from bixie.ledger.proofs import CheckpointSignature
from bixie.ledger.rules import Checkpoint
from bixie.ledger.witnesses import reading
from bixie.ledger.witnesses.files import FileWitness
from bixie.ledger.witnesses.reading import read_source
from bixie.ledger.witnesses.statements import Statement

BODY = Checkpoint("tenant_a", 3, "0" * 64, "1" * 64, "2026-11-25T08:30:00.123Z").body()
LINE = Statement(BODY, CheckpointSignature("A" * 43 + "=", "B" * 86 + "==")).line()


def read(path, data):
    path.write_bytes(data)
    return list(read_source(str(path)))


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b"null",
        b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"format": "bixie.witness/1"}',
        b'{"format": "bixie.witness/1", "checkpoint": 1, "signature": null}',
        b'{"format": "bixie.witness/1", "checkpoint": "{}", "signature": null}',
        b'{"format": ["bixie.witness/1"], "checkpoint": "x", "signature": null}',
        LINE.strip().replace(b'"signature":{', b'"signature":7,"x":{'),
        LINE.strip().replace(b"3,", b"1e999,"),
        b'{"format": "bixie.receipt/1", "proof": {"format": "bixie.receipt/1"}}',
        b'{"format": "bixie.proof/1", "event": "", "checkpoint": "", "path": [], "stamps": []}',
        b'{"type": "ledger.checkpoint", "data": 1}',
    ],
)
def test_a_line_that_is_none_is_named_by_its_number(tmp_path, line):
    for data, number in ((LINE + line + b"\n" + LINE, 2), (LINE * 2 + line, 3)):
        with pytest.raises(BrokenLedger) as finding:
            read(tmp_path / "w.jsonl", data)
        assert finding.value.code == "ledger.witness_unreadable"
        assert finding.value.values["line"] == number
        assert finding.value.text.zh


def test_a_line_that_a_power_failure_cut_off_is_passed_over_once_it_is_written_again(tmp_path):
    file = tmp_path / "w.jsonl"
    for length in (1, 20, len(LINE) - 2):
        file.write_bytes(LINE + LINE[:length])
        FileWitness(file).tell(Statement.read(LINE))
        assert len(list(read_source(str(file)))) == 2


def test_lines_that_were_cut_off_are_named_and_no_fault_where_a_later_one_repeats_them(tmp_path):
    file, torn = tmp_path / "w.jsonl", []
    later = LINE.replace(b"tenant_a", b"tenant_b")
    file.write_bytes(LINE[:30] + b"\n" + later[:-5] + b"\n" + LINE + later + LINE[:40])
    found = list(read_source(str(file), on_torn=lambda source, line: torn.append((source, line))))
    assert [one.tenant for one in found] == ["tenant_a", "tenant_b"]
    assert torn == [(str(file), number) for number in (1, 2, 5)]
    assert len(read(file, LINE + LINE[:40] + b"\n")) == 1
    with pytest.raises(BrokenLedger) as finding:
        read(file, LINE + later[:-5] + b"\n" + LINE)
    assert finding.value.values["line"] == 2


def test_a_line_of_which_the_disk_takes_a_part_is_written_to_its_end_or_not_told(tmp_path, monkeypatch):
    file = tmp_path / "w.jsonl"
    write, takes = os.write, [10, 1, len(LINE)]
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[: takes.pop(0)]))
    FileWitness(file).tell(Statement.read(LINE))
    assert (file.read_bytes(), takes) == (LINE, [])
    takes[:] = [10, 0]
    with pytest.raises(WitnessError):
        FileWitness(file).tell(Statement.read(LINE))
    monkeypatch.undo()
    FileWitness(file).tell(Statement.read(LINE))
    assert file.read_bytes() == LINE + LINE[:10] + b"\n" + LINE
    assert len(list(read_source(str(file)))) == 2


def test_a_signature_that_is_none_is_no_error_but_no_signature(tmp_path):
    (one,) = read(tmp_path / "w.jsonl", LINE)
    assert (one.signed, one.signer) == (True, None)


def test_lines_are_limited_in_length_and_number(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_LINE_BYTES", len(LINE))
    monkeypatch.setattr(reading, "MAX_LINES", 2)
    assert len(read(tmp_path / "w.jsonl", LINE * 2)) == 2
    for data, number in ((LINE * 3, 3), (LINE + b" " * 100 + LINE, 2)):
        with pytest.raises(BrokenLedger) as finding:
            read(tmp_path / "w.jsonl", data)
        assert finding.value.values["line"] == number


def test_what_is_fetched_is_limited_in_bytes():
    assert len(list(reading.lines_of(io.BytesIO(LINE * 2), 2 * len(LINE)))) == 2
    with pytest.raises(OSError, match="too long"):
        list(reading.lines_of(io.BytesIO(LINE * 3), 2 * len(LINE)))


def test_changed_bytes_are_read_or_refused_and_nothing_else(tmp_path):
    chance = random.Random(20261130)
    for _ in range(3000):
        data = bytearray(LINE)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(BrokenLedger):
            read(tmp_path / "w.jsonl", bytes(data))


def test_a_folder_a_fifo_a_scheme_and_nothing_are_answered(tmp_path):
    assert list(read_source(str(tmp_path))) == []
    os.mkfifo(tmp_path / "pipe.jsonl")
    for address in (tmp_path, tmp_path / "none", "/dev/zero", "gopher://a/b", "file:///etc/passwd"):
        with pytest.raises(WitnessError):
            list(read_source(str(address)))


def test_a_whole_document_over_several_lines_is_one_statement(tmp_path):
    assert len(read(tmp_path / "w.json", json.dumps(json.loads(LINE), indent=1).encode())) == 1
