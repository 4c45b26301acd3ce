"""What models declare of their columns, and what statements say."""

import inspect

import pytest
from sqlalchemy import inspect as mapped

from bixie.access.tenancy import TenantOwned
from bixie.assembly import stores
from bixie.ledger.recorded import (
    SEQUENCE,
    Columns,
    discloses_nothing,
    key_columns,
    key_text,
    recorded_models,
)
from bixie.ledger.statements import Said, Statements, statements_of
from bixie.store.base import Base

assert inspect.ismodule(stores)  # it has imported the models of every room


@pytest.mark.parametrize("table", sorted(recorded_models()))
def test_every_column_of_a_recorded_table_is_plain_or_personal_or_says_why_it_is_not_recorded(table):
    model = recorded_models()[table]
    columns: Columns = model.recorded
    named = (*columns.plain, *columns.personal, *columns.hashed, *columns.unrecorded)
    known = {*key_columns(model), "tenant", SEQUENCE}
    assert sorted(named) == sorted({one.key for one in mapped(model).column_attrs} - known)
    assert all(reason.strip() for reason in columns.unrecorded.values())
    assert {*columns.changing} <= {*columns.plain, *columns.personal, *columns.hashed}


def test_evidence_is_recorded():
    assert "exhibit" in recorded_models()


NOT_RECORDED = {
    "access_given_answer": "answers to repeat for three days",
    "identity_attempt": "counts for a day; what matters of them is an event",
    "notice_delivery": "a queue; what was sent or given up is an event",
}


def test_every_table_of_people_is_recorded_or_says_why_not():
    owned = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantOwned)
    }
    of_people = {name for name in owned if name.startswith(("access_", "identity_", "notice"))}
    assert of_people - recorded_models().keys() == NOT_RECORDED.keys()


@pytest.mark.parametrize("value", [None, "", "exhibit_1"])
def test_an_emptied_value_is_stated_openly(value):
    assert discloses_nothing(value, "exhibit_1")


@pytest.mark.parametrize("value", ["张三", 0, {"code": "x"}])
def test_a_personal_value_is_not(value):
    assert not discloses_nothing(value, "exhibit_1")


def test_a_key_of_several_columns_is_shown_as_json():
    assert (key_text("exhibit_1"), key_text(["order_1", 0])) == ("exhibit_1", '["order_1",0]')


@pytest.mark.parametrize(
    "rows",
    [None, {}, [1], [{}], [{"table": 1, "key": "a", "values": {}}], [{"table": "t", "values": {}}],
     [{"table": "t", "key": "a", "values": 1}], [{"table": "t", "key": "a", "values": {}, "personal": "x"}],
     [{"table": "t", "key": "a", "values": {}, "personal": [{}]}], [{"table": "t", "key": "a"}]],
)  # fmt: skip
def test_a_statement_of_another_form_is_refused(rows):
    with pytest.raises(ValueError):  # noqa: PT011 - the value is all it says
        statements_of({"rows": rows})


OF = Columns(
    plain=("state", "size", "n"), personal=("name",), changing=("state", "n", "name"), deletable=True
)


def made(values, personal=(), position=0):
    return {"table": "t", "key": "a", "values": values, "personal": list(personal), "position": position}


def test_the_last_statement_about_a_column_counts():
    said = Said(OF)
    said.hear(3, made({"state": "new", "size": 1}, ["name"]))
    said.hear(7, made({"state": "old"}, ["name"], 2))
    assert (said.columns["state"].value, said.columns["state"].sequence) == ("old", 7)
    assert (said.columns["size"].value, said.columns["size"].sequence) == (1, 3)
    assert said.columns["name"].personal == "name.2"
    assert said.columns[SEQUENCE].value == 3


def test_a_deleted_row_begins_anew_when_it_is_made_again():
    said = Said(OF)
    said.hear(1, made({"state": "new"}))
    said.hear(2, made(None))
    assert (said.exists, said.columns) == (False, {})
    said.hear(5, made({"state": "again"}))
    assert (said.exists, said.columns[SEQUENCE].value) == (True, 5)


def test_statements_are_gathered_by_row_in_the_order_of_their_events_and_given_once():
    statements = Statements()
    other = {**made({"n": 1}), "key": ["order_1", 0]}
    statements.add([(1, made({"n": 1})), (2, other), (3, made({"n": 2}))])
    statements.finish()
    assert statements.tables() == ["t"]
    assert statements.take("t", ["a", "b"], OF)["a"].columns["n"].value == 2
    assert statements.take("t", ["a"], OF) == {}
    assert [key for key, _ in statements.left("t", OF)] == ['["order_1",0]']
    statements.close()


FIXED = Columns(plain=("role", "state"), personal=("name",), changing=("state",))


@pytest.mark.parametrize(
    ("later", "column"),
    [
        (made({"role": "listing"}), "role"),
        (made({}, ["role"]), "role"),
        (made({"sequence": 2}), "sequence"),
        (made({}, ["name"]), "name"),
        (made({"name": "x"}), "name"),
        (made(None), None),
        (made({"role": "claim", "state": "erased", "name": ""}), "nothing"),
        (made({"name": "a"}), "nothing"),
    ],
)
def test_what_is_fixed_is_stated_once_and_only_what_is_personal_is_erased(later, column):
    said = Said(FIXED)
    said.hear(3, made({"role": "claim", "state": "kept"}, ["name"]))
    said.hear(9, later)
    said.hear(10, made({"state": "kept"}))
    if column == "nothing":
        assert said.restated is None
    else:
        assert (said.restated.sequence, said.restated.column) == (9, column)
        assert said.restated.before.sequence == 3


def test_what_was_erased_is_not_filled_again():
    said = Said(FIXED)
    said.hear(3, made({"role": "claim"}, ["name"]))
    said.hear(4, made({"name": ""}))
    assert said.restated is None
    said.hear(5, made({}, ["name"]))
    assert (said.restated.sequence, said.restated.column) == (5, "name")


def test_a_row_from_before_keeps_the_number_that_its_adoption_states():
    said = Said(FIXED)
    said.hear(50, made({"role": "claim", SEQUENCE: 3}))
    said.hear(51, made({SEQUENCE: 3}))
    assert said.restated is None
    said.hear(52, made({SEQUENCE: 2}))
    assert said.restated.column == SEQUENCE
