"""A worker put together from settings."""

import threading

import pytest

from bixie.assembly.worker import build_worker
from bixie.store.errors import StoreError


def test_a_worker_of_a_new_store_runs_until_it_is_stopped(location):
    made = []
    with build_worker(location, concurrency=1, new=True, on_new=made.append) as worker:
        thread = threading.Timer(1, worker.stop)
        thread.start()
        worker.run()
        thread.join()
    assert made == [location.place]


def test_a_worker_makes_no_store_unasked(location):
    with pytest.raises(StoreError) as refused, build_worker(location):
        pass
    assert refused.value.code == "store.not_made"
    assert location.place in refused.value.text.zh
