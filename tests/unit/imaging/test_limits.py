import re
from dataclasses import asdict
from pathlib import Path

import pytest

from bixie.imaging.limits import Limits
from bixie.kit.errors import SettingError

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "limits.md"


def test_every_setting_stands_on_the_page_with_its_default():
    rows = re.findall(r"^\| `BIXIE_LIMIT_(\w+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name.lower(): int(value) for name, value in rows} == asdict(Limits())


def test_an_empty_environment_gives_the_defaults():
    assert Limits.from_environment({}) == Limits()


def test_the_environment_sets_any_limit():
    for name, value in asdict(Limits()).items():
        limits = Limits.from_environment({f"BIXIE_LIMIT_{name.upper()}": str(value + 1)})
        assert asdict(limits) == asdict(Limits()) | {name: value + 1}


def test_the_process_environment_is_read_when_none_is_given(monkeypatch):
    monkeypatch.setenv("BIXIE_LIMIT_SIDE", "123")
    assert Limits.from_environment().side == 123


@pytest.mark.parametrize("value", ["", "many", "0", "-1", "1.5", "1e6", "0x10"])
def test_a_value_that_is_no_number_above_zero_is_refused(value):
    with pytest.raises(SettingError) as refusal:
        Limits.from_environment({"BIXIE_LIMIT_PIXELS": value})
    assert refusal.value.code == "setting.not_a_number"
    assert refusal.value.values == {"name": "BIXIE_LIMIT_PIXELS", "value": value}
