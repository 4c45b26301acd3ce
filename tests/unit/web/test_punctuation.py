"""Chinese punctuation is as wide as a blank: no second one follows it."""

import re
import tomllib
from pathlib import Path

WEB = Path(__file__).resolve().parents[3] / "src" / "bixie" / "web"
FULL_WIDTH = tuple("：。，；！？、")
SAID = re.compile(r'\{\{ say\("([\w.]+)"[^{}]*\) \}\}(?:</\w+>)? (?=\S)')


def chinese(room):
    file = WEB / room / "messages.toml"
    read = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {key: said["zh"] for key, said in read.items()}


def test_no_blank_follows_a_sentence_that_ends_with_full_width_punctuation():
    shared, templates = chinese("ui"), sorted(WEB.glob("*/templates/*.html"))
    assert templates
    wrong = [
        (template.name, key)
        for template in templates
        for key in SAID.findall(template.read_text(encoding="utf-8"))
        if ({**chinese(template.parents[1].name), **shared}).get(key, "").endswith(FULL_WIDTH)
    ]
    assert wrong == []
