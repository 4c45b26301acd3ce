"""Packs made to harm: every one is refused by a typed error, or is a pack that can be asked."""

import contextlib
import random
import re

import pytest
from tests.sweeps import check_each
from tests.unit.policies.packs import OWN

from bixie.policies import PackError, PolicyError, evaluate
from bixie.policies.facts import Facts
from bixie.policies.loading import MAX_PACK_BYTES, check_pack, parse_pack
from bixie.policies.records import parse_record, record_of

BOMBS = {
    "nine laughs": b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
    "merge key": b"a: &a {b: 1}\nc:\n  <<: *a\n",
    "deep flow": b"[" * 3_000 + b"]" * 3_000,
    "deep block": b"".join(b" " * depth + b"a:\n" for depth in range(700)),
    "deep not": b"rules: [{when: " + b"{not: " * 3_000 + b"x" + b"}" * 3_000 + b"}]",
    "huge number": b"version: " + b"9" * 100_000,
    "sexagesimal": b"version: 190:20:30\n",
    "float": b"version: .inf\n",
    "binary": b"id: !!binary aGVsbG8=\n",
    "object": b"!!python/object/apply:os.system ['true']\n",
    "set": b"!!set {a, b}\n",
    "surrogate": b'id: "\\ud800"\n',
    "null byte": b"id: a\x00b\n",
    "utf-16": "id: a\n".encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbfid: a\n",
    "many documents": b"id: a\n---\nid: b\n",
    "key that is no text": b"1: 2\n",
    "right-to-left": "\u202eid: a\n".encode(),
    "terminal escape": b'"\\e[31mred": 1\n',
    "too large": b"#" * (MAX_PACK_BYTES + 1),
    "wide": b"rules: [" + b"{}," * 40_000 + b"]",
}


def test_bombs_are_refused_by_a_typed_error():
    def refused(data):
        with pytest.raises(PackError) as error:
            check_pack(data, "pack.yaml")
        assert error.value.faults
        for fault in error.value.faults:
            assert not re.search("[\x00-\x08\x1b\u202e\ud800-\udfff]", fault.text.en + fault.text.zh)

    check_each(BOMBS.items(), refused)


@pytest.mark.parametrize(
    "data",
    [b"rules: [" + b"{}," * 40_000 + b"]", b"".join(b"k%d: 1\n" % number for number in range(9_000))],
    ids=["rules", "keys"],
)
def test_a_pack_with_endless_faults_names_a_bounded_number(data):
    with pytest.raises(PackError) as error:
        parse_pack(data, "pack.yaml")
    assert len(error.value.faults) <= 200


def mutated(text, chance):
    """Return `text` with a few lines cut, doubled, swapped or changed."""
    lines = text.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        kind = chance.randrange(5)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif kind == 2:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines[at] = re.sub(r"\d+", lambda _: str(chance.choice([-1, 0, 7, 10**20])), lines[at])
        else:
            place = chance.randrange(len(lines[at]))
            lines[at] = lines[at][:place] + chance.choice("{}[]:,&*!|>%@`\"'\x00\n\t") + lines[at][place:]
    return "".join(lines)


def test_a_broken_pack_is_refused_by_a_typed_error_or_is_evaluated():
    def survives(seed):
        data = mutated(OWN, random.Random(seed)).encode()
        with contextlib.suppress(PackError):
            evaluate(parse_pack(data, "pack.yaml"), Facts())

    check_each(((str(seed), seed) for seed in range(60)), survives)


def test_a_broken_record_is_refused_by_a_typed_error():
    chance = random.Random(7)
    pack = parse_pack(OWN.encode(), "pack.yaml")
    data = record_of(pack, Facts(), evaluate(pack, Facts()), {"kind": "refuse"}).data
    assert parse_record(data, "record.json").pack.id == pack.id

    def refused(place):
        cut = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        with contextlib.suppress(PolicyError):
            parse_record(cut, "record.json")

    check_each(((str(place), place) for place in range(0, len(data), 5)), refused)
