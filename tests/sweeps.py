"""One rule over many cases: all of them are tried, and every one that fails is named."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

Case = TypeVar("Case")


def by_repr(cases: Iterable[Case]) -> Iterable[tuple[str, Case]]:
    """Name cases by what they are, shortened, for `check_each`."""
    return ((repr(case)[:120], case) for case in cases)


def check_each(cases: Iterable[tuple[str, Case]], check: Callable[[Case], object]) -> None:
    """Check every case; fail with all the failures, each under its case's name.

    A sweep over hundreds of cases as one test costs a fraction of what one test a case does.
    """
    failures, tried = {}, 0
    for name, case in cases:
        tried += 1
        try:
            check(case)
        except (Exception, pytest.fail.Exception) as error:
            error.add_note(f"case: {name}")
            failures[name] = error
    assert tried, "no case was given"
    if failures:
        message = f"{len(failures)} of {tried} cases failed: {', '.join(failures)}"
        raise BaseExceptionGroup(message, list(failures.values()))
