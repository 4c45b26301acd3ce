"""Backups and restores as processes, killed at random instants."""

import random

import pytest
from bench.load.backup_kills import backup_kills

SEED = 20261130


@pytest.mark.chaos
def test_killing_backups_and_restores_leaves_nothing_half(store, location):
    random.seed(SEED)
    found = backup_kills(store, location, kills=2, files=20, orders=200)
    assert (found.refused, found.half, found.lost) == (0, 0, 0)
    assert found.backup_kills + found.restore_kills > 0
    assert found.events > 0
