"""Errors as problem documents."""

import json

from bixie.orders.errors import FaultyOrdersError
from bixie.orders.problems import Problem
from bixie.web.problems import problem_of

SCOPE = {"type": "http", "headers": [], "state": {"request_id": "request_1"}}


def test_an_error_adds_its_own_members_and_what_is_null_in_them_stays():
    fault = Problem("orders[0].deliveries", None, "orders.not_a_list", "en", "zh")
    response = problem_of(SCOPE, FaultyOrdersError([fault]))
    document = json.loads(response.body)
    assert document["problems"] == [
        {"row": fault.row, "column": None, "code": fault.code, "en": "en", "zh": "zh"}
    ]
    assert "fields" not in document
