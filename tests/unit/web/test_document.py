"""The OpenAPI document says of every operation what it does, in words that a newcomer understands."""

import pytest

from bixie.web.app import routes_only
from bixie.web.document import summary_of

OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in routes_only().openapi()["paths"].items()
    for method, operation in operations.items()
}


def test_every_operation_has_a_summary_in_plain_words():
    for name, operation in OPERATIONS.items():
        summary = operation["summary"]
        generated = operation["operationId"].replace("_", " ").title()
        assert summary != generated, name
        assert len(summary.split()) >= 3, name
        assert len(summary) <= 90, name
        assert not {"`", "_", "{"} & set(summary), name


def test_no_two_operations_are_summed_up_alike():
    summaries = [operation["summary"] for operation in OPERATIONS.values()]
    assert len(set(summaries)) == len(summaries)


@pytest.mark.parametrize(
    ("description", "summary"),
    [
        ("Withdraw the claim.", "Withdraw the claim"),
        ("File a claim. The merchant owes an answer from then on.", "File a claim"),
        ("Get a case as a side sees it: what happened,\nby when.", "Get a case as a side sees it"),
        ("Throw the draft\naway; nobody sees it.", "Throw the draft away"),
        ("Import `orders.csv` of a shop.", "Import `orders.csv` of a shop"),
    ],
)
def test_a_summary_is_the_first_thought_of_the_description(description, summary):
    assert summary_of(description) == summary
