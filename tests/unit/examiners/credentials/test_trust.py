"""The trust lists: dated, replaceable, and who on them vouches for whom."""

from datetime import date

import pytest
from tests.makers.signing import authority

from bixie.examiners.credentials.trust import SETTING, product_level, trust_lists
from bixie.kit.errors import SettingError

UNUSABLE = """dated = 2026-01-02
source = ""
anchors = "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----"
"""


def test_the_shipped_lists_are_dated_and_those_of_signers_come_first():
    lists = trust_lists({}).lists
    assert [(one.name, one.kind, one.vouches) for one in lists] == [
        ("official", "manifest", True),
        ("interim", "manifest", False),
        ("time_stamps", "tsa", False),
    ]
    counted = {one.name: one.anchors.count("BEGIN CERTIFICATE") for one in lists}
    assert counted == {"official": 30, "interim": 18, "time_stamps": 22}
    assert [one.next_update for one in lists] == ["2027-08-05", None, "2027-08-05"]
    assert trust_lists({}).dated == "2026-08-05"


def test_a_list_past_its_next_update_is_named():
    lists = trust_lists({})
    assert lists.overdue(date(2027, 8, 5)) == ()
    assert [one.name for one in lists.overdue(date(2027, 8, 6))] == ["official", "time_stamps"]


def test_the_environment_names_another_list_of_signers(tmp_path):
    path = tmp_path / "list.toml"
    path.write_text(f'dated = 2026-01-02\nsource = "ours"\nanchors = """\n{authority()[0].decode()}"""\n')
    named, stamps = trust_lists({SETTING: str(path)}).lists
    assert (named.dated, named.source, named.kind, named.vouches) == ("2026-01-02", "ours", "manifest", True)
    assert stamps.name == "time_stamps"


def test_an_empty_list_checks_no_signer(tmp_path):
    path = tmp_path / "list.toml"
    path.write_text('dated = 2026-01-02\nsource = "none"\nanchors = ""\n')
    assert trust_lists({SETTING: str(path)}).standing("anything") == "not_checked"


def test_only_the_lists_of_signers_vouch():
    lists = trust_lists({})
    official, interim, stamps = (one.uri for one in lists.lists)
    assert [lists.standing(one) for one in (official, interim, stamps, None)] == [
        "trusted",
        "interim",
        "untrusted",
        "untrusted",
    ]


def test_products_are_known_by_both_names_of_their_certificate():
    assert product_level("Google LLC", "Pixel Camera") == 2
    assert product_level("Somebody else", "Pixel Camera") is None


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
        trust_lists({SETTING: str(path)})
    assert caught.value.code == "credentials.trust_list"


def test_a_file_that_is_not_there_is_a_wrong_setting(tmp_path):
    with pytest.raises(SettingError):
        trust_lists({SETTING: str(tmp_path / "gone.toml")})
