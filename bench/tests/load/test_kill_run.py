"""Server and workers as processes, killed at random instants while files are uploaded."""

import random

import pytest
from bench.load import kill_run

SEED = 20261125


@pytest.mark.chaos
def test_killing_server_and_workers_loses_and_doubles_nothing(store, location):
    random.seed(SEED)
    found = kill_run.kill_run(store, location, uploads=30, kills=5)
    assert (found.uploads, found.reports, found.lost, found.doubled) == (30, 30, 0, 0)
    assert found.server_kills > 0
    assert found.broken > 0
