"""When our answer about a credential counts as the library's."""

import pytest
from bench.credentials import same_answer


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("Valid", "Valid", True),
        ("Trusted", "Valid", False),
        ("Invalid", "Valid", False),
        ("Invalid", "no credential", False),
        ("ManifestNotFound", "no credential", True),
        ("ManifestNotFound", "missing", True),
        ("ManifestNotFound", "Valid", False),
        ("Remote", "kept elsewhere", True),
        ("Remote", "no credential", False),
        ("Other", "unreadable", True),
        ("Other", "no credential", False),
    ],
)
def test_only_the_same_answer_counts(theirs, ours, same):
    assert same_answer(theirs, ours) is same
