"""The folder of a demo: what it remembers, who may use it, and keys for its owner only."""

import stat

import pytest

from bixie.assembly.demo.errors import DemoError
from bixie.assembly.demo.folder import KEYS, DemoFolder


def test_a_demo_goes_on_as_it_began(tmp_path):
    folder = DemoFolder(tmp_path / "demo")
    with folder.locked():
        made = folder.made("zh", has_store=False)
        again = DemoFolder(tmp_path / "demo").made("en", has_store=True)
        assert again == made
        assert not made.seeded
        folder.finish(made)
        assert folder.made("en", has_store=True).seeded


def test_the_store_of_another_program_is_left_alone(tmp_path):
    folder = DemoFolder(tmp_path)
    with pytest.raises(DemoError) as error:
        folder.made("zh", has_store=True)
    assert error.value.code == "demo.not_a_demo"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"tenant": "tenant_1"'])
def test_a_damaged_memory_is_named(tmp_path, content):
    (tmp_path / "demo.json").write_text(content, encoding="utf-8")
    with pytest.raises(DemoError) as error:
        DemoFolder(tmp_path).made("zh", has_store=True)
    assert error.value.code == "demo.unreadable"


def test_two_demos_do_not_share_a_folder(tmp_path):
    folder = DemoFolder(tmp_path)
    with folder.locked(), pytest.raises(DemoError) as error, DemoFolder(tmp_path).locked():
        pass
    assert error.value.code == "demo.in_use"
    with folder.locked():
        pass


def test_keys_are_for_their_owner_only_and_a_damaged_file_counts_as_lost(tmp_path):
    folder = DemoFolder(tmp_path)
    assert folder.keys() == {}
    folder.write_keys({"platform": "one"})
    folder.write_keys({"platform": "two"})
    assert folder.keys() == {"platform": "two"}
    assert stat.S_IMODE((tmp_path / KEYS).stat().st_mode) == 0o600
    (tmp_path / KEYS).write_text("{", encoding="utf-8")
    assert folder.keys() == {}
