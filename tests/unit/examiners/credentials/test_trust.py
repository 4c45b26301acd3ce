"""The trust list: dated, replaceable, empty as shipped."""

import pytest
from tests.makers.signing import authority

from bixie.examiners.credentials.trust import SETTING, trust_list
from bixie.kit.errors import SettingError

UNUSABLE = """dated = 2026-01-02
source = ""
anchors = "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----"
"""


def test_the_shipped_list_is_dated_and_empty():
    assert (trust_list({}).anchors, trust_list({}).dated) == ("", "2026-11-24")


def test_the_environment_names_another(tmp_path):
    path = tmp_path / "list.toml"
    path.write_text(f'dated = 2026-01-02\nsource = "ours"\nanchors = """\n{authority()[0].decode()}"""\n')
    named = trust_list({SETTING: str(path)})
    assert (named.dated, named.source) == ("2026-01-02", "ours")


@pytest.mark.parametrize(
    "content",
    [
        "",
        'dated = "no"\nsource = ""\nanchors = ""',
        'dated = 2026-01-02\nsource = ""\nanchors = "x"',
        "[[",
        UNUSABLE,
    ],
)
def test_a_file_that_is_no_list_is_a_wrong_setting(tmp_path, content):
    path = tmp_path / "wrong.toml"
    path.write_text(content)
    with pytest.raises(SettingError) as caught:
        trust_list({SETTING: str(path)})
    assert caught.value.code == "credentials.trust_list"


def test_a_file_that_is_not_there_is_a_wrong_setting(tmp_path):
    with pytest.raises(SettingError):
        trust_list({SETTING: str(tmp_path / "gone.toml")})
