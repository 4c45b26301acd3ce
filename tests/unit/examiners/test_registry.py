"""Finding examiners: our own folders, and entry points of other packages."""

from importlib import metadata

import pytest
from tests.unit.examiners.fakes import SENTENCE, BytesExaminer, PixelExaminer

from bixie.examiners import registry
from bixie.examiners.presentation import Panel, Presentation
from bixie.examiners.registry import ENTRY_POINT_GROUP, find_examiners
from bixie.kit.messages import Catalogue, Text

AN_EXAMINER = PixelExaminer(name="zz_outside")
ANOTHER = BytesExaminer(name="aa_outside")
A_NAMESAKE = PixelExaminer(name="derivation")
NOT_AN_EXAMINER = object()


def unchecked(**fields):
    """Return a presentation whose fields were exchanged after its own check."""
    presentation = Presentation.unnamed("wrong")
    for name, value in fields.items():
        object.__setattr__(presentation, name, value)
    return presentation


WRONG_FIELDS = {
    "panel_is_text": {"panel": "origin"},
    "panel_is_a_dict": {"panel": {"key": "x"}},
    "title_is_text": {"panel": Panel("k", "t")},
    "title_in_one_language": {"panel": Panel("k", Text(en="t", zh=""))},
    "without_marks_is_text": {"panel": Panel("k", SENTENCE, "none")},
    "key_is_a_list": {"panel": Panel(["k"], SENTENCE)},
    "telling_is_none": {"telling": None},
    "telling_is_a_number": {"telling": 5},
    "telling_is_one_text": {"telling": "a.b"},
    "telling_has_a_list": {"telling": (["a.b"],)},
    "asks_for_photo_is_none": {"asks_for_photo": None},
    "asks_for_photo_has_a_list": {"asks_for_photo": [["a.b"]]},
    "effects_is_none": {"effects": None},
    "effects_of_text": {"effects": {"a.b": "refutes"}},
    "words_is_none": {"words": None},
    "words_is_a_dict": {"words": {"examiner.name": SENTENCE}},
    "words_of_none": {"words": Catalogue(None)},
    "words_of_text": {"words": Catalogue({"examiner.name": "Wrong"})},
    "words_of_numbers": {"words": Catalogue({"examiner.name": Text(en=5, zh=6)})},
    "words_by_number": {"words": Catalogue({"examiner.name": SENTENCE, 5: SENTENCE})},
    "words_of_an_attribute": {
        "words": Catalogue({"examiner.name": SENTENCE, "claim.x.one": Text(en="{total.x}", zh="x")})
    },
}
for name, fields in WRONG_FIELDS.items():
    globals()[name] = PixelExaminer(name=name, presentation=unchecked(**fields))
number_as_a_name = PixelExaminer(name=5, presentation=Presentation.unnamed("wrong"))
empty_name = PixelExaminer(name="", presentation=Presentation.unnamed("wrong"))


class Fickle:
    """Presents itself once only, and forgets its name after the first look at it."""

    def __init__(self):
        self.reads = 0

    @property
    def name(self):
        self.reads += 1
        if self.reads > 3:
            raise RuntimeError("no name")
        return "fickle"

    @property
    def presentation(self):
        self.__class__.presentation = property(lambda _: 1 / 0)
        return Presentation.unnamed("fickle")

    def examine(self, exhibit, context):
        return [len(exhibit)]


FICKLE = Fickle()

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


def test_an_examiner_that_presents_itself_badly_is_a_warning_and_the_others_still_work(installed):
    wrong = [*WRONG_FIELDS, "number_as_a_name", "empty_name"]
    installed(zz_good=f"{HERE}:AN_EXAMINER", **{name: f"{HERE}:{name}" for name in wrong})
    found = find_examiners()
    warned = " ".join(warning.text.en for warning in found.warnings)
    assert [name for name in wrong if f"“{name}”" not in warned] == []
    assert {warning.code for warning in found.warnings} == {"examine.plugin_unusable"}
    assert list(found.presentations)[-1] == names(found)[-1] == "zz_outside"


def test_a_presentation_refuses_wrong_fields_itself():
    accepted = []
    for name, fields in WRONG_FIELDS.items():
        try:
            Presentation(**{"words": Presentation.unnamed("wrong").words} | fields)
        except (TypeError, ValueError):
            continue
        accepted.append(name)
    assert accepted == []


def test_name_and_presentation_are_read_when_an_examiner_is_found_and_never_again(installed):
    installed(fickle=f"{HERE}:FICKLE")
    found = find_examiners()
    reads = FICKLE.reads
    for _ in range(5):
        assert found.presentations["fickle"].name.en == "Fickle"
    assert FICKLE.reads == reads
    assert names(found)[-1] == "fickle"
    assert found.examiners[-1].examine("abc", None) == [3]
