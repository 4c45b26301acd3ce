"""The part ``viewer`` of the measurements; what it does in a browser, the console's own tests do."""

from argparse import Namespace

import pytest
from bench.load import viewer

NUMBERS = {
    "first_p50_ms": 900.0,
    "first_max_ms": 1000.0,
    "again_p50_ms": 300.0,
    "originals_p50_ms": 500.0,
    "long_tasks": 0,
    "longest_task_ms": 50.0,
}


@pytest.mark.parametrize(
    ("changed", "status"), [({}, 0), ({"first_max_ms": 1001.0}, 1), ({"longest_task_ms": 51.0}, 1)]
)
def test_a_run_fails_where_a_target_is_missed(monkeypatch, tmp_path, capsys, changed, status):
    monkeypatch.setattr(viewer, "on_each_database", lambda *_: {"sqlite": NUMBERS | changed})
    monkeypatch.setattr(viewer.shutil, "which", lambda _: "/usr/bin/chromium")
    options = Namespace(first=1, again=1, viewer_json=tmp_path / "out.json")
    assert viewer.viewer(options) == status
    assert f"| {(NUMBERS | changed)['first_max_ms']:.0f} |" in capsys.readouterr().out
