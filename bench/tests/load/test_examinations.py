"""Workers killed at random instants while they examine claims."""

import random

import pytest
from bench.load import examinations
from tests.services.worker_runs import kill_workers

from bixie.store.blobs import DiskBlobs

SEED = 20261125


@pytest.mark.chaos
def test_killing_workers_in_the_middle_of_examinations_loses_and_doubles_nothing(store, location):
    random.seed(SEED)
    blobs = DiskBlobs(location.folder / "blobs")
    examinations.keep_claims(store, blobs, 5)
    kill_workers(store, location, 3, examinations.program)
    found = examinations.found_in(store, blobs)
    assert (found.claims, found.reports, found.lost, found.doubled) == (5, 5, 0, 0)
