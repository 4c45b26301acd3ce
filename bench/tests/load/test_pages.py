"""The part ``pages`` of the measurements."""

import json

from bench.__main__ import main
from bench.load import pages


class Pages:
    """Answers for a server."""

    def __init__(self, contents):
        self._contents = contents

    def get(self, path):
        return self._contents[path]


def test_a_page_weighs_its_styles_and_scripts_and_what_they_import_once():
    found = Pages(
        {
            "/desk": b'<link href="/assets/ui/a.css?v=1"><img src="/x.webp">'
            b'<script src="/assets/ui/a.js?v=1">',
            "/assets/ui/a.css?v=1": b"12345",
            "/assets/ui/a.js?v=1": b'import { b } from "./b.js";',
            "/assets/ui/b.js": b'import "./a.js";',
        }
    )
    assert pages.weight(found, "/desk") == sum(map(len, found._contents.values()))


def test_a_small_run_times_and_weighs_every_page(tmp_path, capsys):
    target = tmp_path / "out.json"
    command = ["pages", "--list", "60", "--views", "2", "--database", "sqlite", "--json", str(target)]
    assert main(command) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    found = numbers["sqlite"]
    assert found["desk_p95_ms"] >= found["desk_p50_ms"] > 0
    assert 20 < found["console_case_kb"] < 150
    (table,) = pages.tables(numbers)
    assert len(table.lines) == 11
    assert table.text() in capsys.readouterr().out
