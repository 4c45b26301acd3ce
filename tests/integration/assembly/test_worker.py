"""A worker put together from settings."""

import threading

from bixie.assembly.worker import build_worker


def test_a_worker_of_a_new_store_runs_until_it_is_stopped(location):
    with build_worker(location, concurrency=1) as worker:
        thread = threading.Timer(1, worker.stop)
        thread.start()
        worker.run()
        thread.join()
