"""What pydantic refuses becomes a code of our own, with the place of the value."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from bixie.kit.validation import Fault, dotted, faults_of, first_fault, refusal

CODES = {
    "extra_forbidden": "cups.unknown_key",
    "list_type": "cups.not_a_list",
    "int_type": "cups.not_a_number",
}


class Cup(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    size: int

    @field_validator("size")
    @classmethod
    def not_huge(cls, size):
        if size > 9:
            raise refusal("cups.too_large", most=9)
        return size


class Shelf(BaseModel):
    cups: list[Cup]


def refused(document):
    with pytest.raises(ValidationError) as caught:
        Shelf.model_validate(document)
    return caught.value


def test_every_fault_has_its_code_its_place_and_its_values():
    error = refused({"cups": [{"size": 1}, {"size": 10}, {"size": "x"}, {"size": 1, "colour": 2}]})
    assert faults_of(error, CODES) == [
        Fault("cups.too_large", ("cups", 1, "size"), {"most": 9}),
        Fault("cups.not_a_number", ("cups", 2, "size")),
        Fault("cups.unknown_key", ("cups", 3, "colour")),
    ]
    assert first_fault(error, CODES).code == "cups.too_large"


def test_an_error_that_the_room_did_not_foresee_is_a_defect():
    with pytest.raises(KeyError, match="model_type"):
        faults_of(refused({"cups": [1]}), CODES)


@pytest.mark.parametrize(
    ("location", "written"),
    [((), ""), (("cups",), "cups"), (("cups", 1, "size"), "cups[1].size"), ((0, "size"), "[0].size")],
)
def test_a_place_is_written_as_people_write_it(location, written):
    assert dotted(location) == written
