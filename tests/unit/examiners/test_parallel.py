"""Many files at once."""

import threading

import cv2
import pytest

from bixie.examiners.parallel import MAX_WORKERS, map_in_order, worker_count
from bixie.kit.progress import no_progress


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_order_of_the_items(workers):
    assert map_in_order(lambda n: n * n, range(20), workers=workers, progress=no_progress) == [
        n * n for n in range(20)
    ]


@pytest.mark.parametrize("workers", [1, 3])
def test_progress_counts_every_item_on_the_callers_thread(workers):
    seen = []

    def progress(done, total):
        seen.append((done, total, threading.current_thread() is threading.main_thread()))

    map_in_order(str, range(4), workers=workers, progress=progress)
    assert seen == [(done, 4, True) for done in range(5)]


def test_no_item_is_no_work():
    assert map_in_order(str, [], workers=None, progress=no_progress) == []


def test_opencv_keeps_to_one_thread_while_several_work_and_gets_its_own_back():
    before = cv2.getNumThreads()
    during = map_in_order(lambda _: cv2.getNumThreads(), range(2), workers=2, progress=no_progress)
    assert during == [1, 1]
    assert cv2.getNumThreads() == before


def test_opencv_gets_its_threads_back_after_two_runs_of_which_the_first_ends_first():
    before = cv2.getNumThreads()
    cv2.setNumThreads(2)
    first_inside, second_inside, first_ended = (threading.Event() for _ in range(3))

    def wait_in_turn(run):
        inside, other = (first_inside, second_inside) if run == 1 else (second_inside, first_ended)
        inside.set()
        assert other.wait(timeout=60)

    def start(run):
        items = [run, run]
        thread = threading.Thread(
            target=map_in_order, args=(wait_in_turn, items), kwargs={"workers": 2, "progress": no_progress}
        )
        thread.start()
        return thread

    try:
        first = start(1)
        assert first_inside.wait(timeout=60)
        second = start(2)
        first.join()
        assert cv2.getNumThreads() == 1
        first_ended.set()
        second.join()
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_unexpected_error_ends_the_run(workers):
    with pytest.raises(ZeroDivisionError):
        map_in_order(lambda n: 1 // n, [0, 1, 0], workers=workers, progress=no_progress)


@pytest.mark.parametrize(("files", "asked", "count"), [(0, None, 1), (1, 8, 1), (5, 2, 2), (5, 9, 5)])
def test_workers_are_no_more_than_asked_for_and_no_more_than_files(files, asked, count):
    assert worker_count(files, asked) == count


def test_workers_are_bounded_where_nobody_asks():
    assert 1 <= worker_count(100) <= MAX_WORKERS
