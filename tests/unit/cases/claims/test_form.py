"""The form lists what goes together, in the order of shops, in one language or both."""

import re
from importlib import resources
from xml.etree import ElementTree

import pytest

from bixie.cases.claims.errors import ClaimError
from bixie.cases.claims.form import FIELDS, PICTURES, claim_form
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.schemas import ClaimOptionsOut

OPTIONS = claim_options()
DRAWINGS = resources.files("bixie.cases.claims").joinpath("pictures")
MAX_DRAWING = 6 * 1024


def form(**given):
    return ClaimOptionsOut.model_validate(claim_form(OPTIONS, **given))


def test_the_fields_come_in_the_order_in_which_shops_ask():
    assert [one.key for one in form().fields] == list(FIELDS)
    assert list(FIELDS)[:4] == ["items", "received", "service", "reason"]


def test_only_what_goes_together_is_listed():
    found = form(service="refund_only", received=False, category="茶具")
    assert found.category == "fragile"
    assert [one.key for one in found.services] == ["refund_only", "replenish"]
    assert {"not_received", "changed_mind"} <= {one.key for one in found.reasons}
    assert not {"damaged", "spoiled"} & {one.key for one in found.reasons}
    received = form(service="repair", received=True, category="electronics")
    assert {"damaged", "broken_in_use", "other"} <= {one.key for one in received.reasons}
    assert all("repair" in one.services for one in received.reasons)


def test_the_checklist_and_the_labels_are_those_of_the_category():
    (damaged,) = [one for one in form(category="fragile").reasons if one.key == "damaged"]
    assert {one.role for one in damaged.evidence if one.need == "required"} == {
        *("whole", "damage", "angle", "packaging")
    }
    assert [one.key for one in damaged.labels] == ["cracked", "chipped", "shattered", "leaking"]


def test_a_language_makes_texts_plain():
    chinese, both = form(language="zh"), form()
    assert chinese.services[0].title == "仅退款"
    assert both.services[0].title.en == "refund only"
    assert chinese.notices[0].text == both.notices[0].text.zh
    assert [one.key for one in chinese.reasons] == [one.key for one in both.reasons]


def test_an_unknown_service_is_refused():
    with pytest.raises(ClaimError) as caught:
        form(service="gift")
    assert caught.value.code == "claims.no_such_service"


def test_each_role_has_a_small_drawing_without_words_for_light_and_dark_ground():
    assert {one.name for one in DRAWINGS.iterdir()} == {f"{one.key}.svg" for one in OPTIONS.roles}
    assert {one.picture for one in form().roles} == {PICTURES.format(role=one.key) for one in OPTIONS.roles}
    for drawing in DRAWINGS.iterdir():
        data = drawing.read_bytes()
        assert len(data) <= MAX_DRAWING
        assert b"prefers-color-scheme:dark" in data
        names = {re.sub("{.*}", "", one.tag) for one in ElementTree.fromstring(data).iter()}
        assert names <= {"svg", "style", "path", "rect", "circle"}, drawing.name
        assert "svg" in names
