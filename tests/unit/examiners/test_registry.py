"""Finding examiners: our own folders, and entry points of other packages."""

from importlib import metadata

import pytest
from tests.unit.examiners.fakes import BytesExaminer, PixelExaminer

from bixie.examiners import registry
from bixie.examiners.registry import ENTRY_POINT_GROUP, find_examiners

AN_EXAMINER = PixelExaminer(name="zz_outside")
ANOTHER = BytesExaminer(name="aa_outside")
A_NAMESAKE = PixelExaminer(name="derivation")
NOT_AN_EXAMINER = object()

HERE = "tests.unit.examiners.test_registry"


@pytest.fixture
def installed(monkeypatch):
    def install(**points):
        every = [metadata.EntryPoint(name, value, ENTRY_POINT_GROUP) for name, value in points.items()]
        monkeypatch.setattr(registry.metadata, "entry_points", lambda group: metadata.EntryPoints(every))

    return install


def names(found):
    return [examiner.name for examiner in found.examiners]


def test_the_folders_of_this_package_are_found(installed):
    installed()
    found = find_examiners()
    assert "derivation" in names(found)
    assert found.warnings == ()


def test_examiners_of_other_packages_come_after_ours_in_the_order_of_their_entry_points(installed):
    installed(b=f"{HERE}:AN_EXAMINER", a=f"{HERE}:ANOTHER")
    assert names(find_examiners())[-2:] == ["aa_outside", "zz_outside"]


@pytest.mark.parametrize(
    "value", ["no_such_package:X", f"{HERE}:NO_SUCH_NAME", f"{HERE}:NOT_AN_EXAMINER", f"{HERE}:A_NAMESAKE"]
)
def test_a_broken_plug_in_is_a_warning_and_the_others_still_work(installed, value):
    installed(a_broken=value, b_good=f"{HERE}:AN_EXAMINER")
    found = find_examiners()
    assert names(found)[-1] == "zz_outside"
    assert [warning.code for warning in found.warnings] == ["examine.plugin_unusable"]
    assert "a_broken" in found.warnings[0].text.en


def test_two_runs_find_the_same_in_the_same_order(installed):
    installed(b=f"{HERE}:AN_EXAMINER", a=f"{HERE}:ANOTHER")
    assert names(find_examiners()) == names(find_examiners())
