"""The audit lists every kind of event that the identity room appends, with words in both languages."""

import re
from pathlib import Path

import bixie.identity
from bixie.cli.language import say
from bixie.identity.audit.service import TYPES

ROOM = Path(bixie.identity.__file__).parent


def test_every_event_of_the_room_is_in_the_audit():
    text = "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    appended = set(re.findall(r'NewEvent\(\s*"(identity\.[a-z_]+)"', text))
    assert len(appended) > 10
    assert appended <= set(TYPES)
    assert sorted(TYPES) == list(TYPES)


def test_every_event_has_words_in_both_languages():
    for kind in TYPES:
        name = kind.removeprefix("identity.")
        assert say(f"audit.event.{name}", "en") != say(f"audit.event.{name}", "zh")
