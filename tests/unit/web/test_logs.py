"""What the log leaves out."""

import json

from bixie.web import logs


def test_a_warning_that_repeats_is_one_line_a_minute(caplog):
    now = [0.0]
    warning = logs.Sparingly("full", 60, lambda: now[0])
    for seconds in (0, 1, 59, 60, 61, 125):
        now[0] = float(seconds)
        warning.log(limit=5)
    lines = [json.loads(logs.JsonLines().format(record)) for record in caplog.records]
    assert [(line["message"], line["limit"], line["left_out"]) for line in lines] == [
        ("full", 5, 0),
        ("full", 5, 2),
        ("full", 5, 1),
    ]
