"""How the notes of cameras, programs and messengers stand on the page."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bixie.examiners.camera.capture import Capture
from bixie.examiners.camera.moments import Moment
from bixie.examiners.camera.notes import Notes
from bixie.examiners.camera.order_facts import OrderFacts
from bixie.examiners.camera.places import Place
from bixie.examiners.camera.presentation import row_of_distance, row_of_notes, row_of_thumbnail, row_of_time
from bixie.examiners.camera.tables import Compression

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOTES = Notes(
    capture=Capture(
        make="Example",
        maker="listed",
        model="One",
        software="1.2",
        moment=Moment("2026-11-01T08:00:00", NOON, NOON),
        place=Place(1.5, 2.5),
        odd=("time",),
    ),
    compression=Compression("ijg", 90, (), "4:2:0", "0" * 16),
    order=OrderFacts(distance_km=1234.5),
    messenger="whatsapp",
    canvas=True,
)
NOTHING = Notes(Capture())


def facts(notes, *, show_place=False):
    return {fact.name.en: fact.value.en for fact in row_of_notes(notes, show_place=show_place).facts}


def test_the_notes_carry_their_caveat_and_the_distance_but_no_coordinates():
    said = facts(NOTES)
    assert said["Taken at"] == "2026-11-01 08:00:00 (clocks are often wrong)"
    assert said["Place"] == "about 1,200 km from the place of delivery"
    assert set(said) == {
        "Camera",
        "Program",
        "Taken at",
        "Place",
        "File name",
        "Size",
        "Makes no sense",
        "Compression",
    }


@pytest.mark.parametrize(
    ("notes", "show_place", "expected"),
    [
        (Notes(Capture(place=Place(1.5, 2.5))), False, {"Place": "noted in the file; not shown here"}),
        (Notes(Capture(place=Place(1.5, 2.5))), True, {"Coordinates": "1.5, 2.5"}),
        (Notes(Capture(maker="something_else")), False, {"Camera": "the field does not name a camera maker"}),
        (
            Notes(Capture(make="Shop", maker="not_listed")),
            False,
            {
                "Camera": "Shop (a maker that is not on the list of known makers; "
                "that says nothing about the file)"
            },
        ),
        (replace(NOTHING, compression=Compression("unknown", None, (), None, "")), False, {}),
        (
            replace(NOTHING, compression=Compression("listed", None, ("A", "B"), None, "")),
            False,
            {"Compression": "like files of A, B"},
        ),
        (NOTHING, False, {}),
    ],
)
def test_single_notes(notes, show_place, expected):
    assert facts(notes, show_place=show_place) == expected


def test_every_row_has_its_topic_and_none_is_a_mark():
    rows = [
        row_of_notes(NOTES, show_place=False),
        row_of_time("after_claim"),
        row_of_distance(),
        row_of_thumbnail(),
    ]
    names = [row.topic.name.en for row in rows]
    assert names == ["Camera notes", "Time", "Place", "Preview in the file"]
    assert [row.topic.rank for row in rows] == sorted(row.topic.rank for row in rows)
    assert not any(row.topic.mark for row in rows)


def test_a_time_outside_the_order_is_said_shortly():
    assert row_of_time("before_delivery").brief.en.endswith("before the goods were delivered.")
    assert row_of_time("after_claim").brief.en.endswith("after the claim was made.")
