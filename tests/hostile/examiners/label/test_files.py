"""Hostile files: each is read within bounds and said to be what it is; nothing is raised."""

import tracemalloc

import pytest
from tests.makers.labels.examining import LIMITS
from tests.makers.labels.hostile_files import INCOMPLETE, READ

from bixie.examiners.label.carriers import gather
from bixie.examiners.label.examiner import EXAMINER
from bixie.examiners.protocol import Container, Context
from bixie.examiners.results import FileError, Finding
from bixie.examiners.validation import validated
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk


def container(data):
    source = source_from_bytes("a", data)
    return Container("a", source, walk(source, LIMITS))


@pytest.mark.parametrize("name", READ)
def test_it_is_read_and_said_to_be_what_it_is(name):
    make, codes = READ[name]
    said = list(EXAMINER.examine_container(container(make()), Context()))
    validated(said)
    assert not [one for one in said if isinstance(one, FileError)]
    found = {one.code for one in said if isinstance(one, Finding)} - {"label.removed.bare_png"}
    assert codes is None or found == codes


@pytest.mark.parametrize("name", INCOMPLETE)
def test_more_than_may_be_read_is_said_and_bounded(name):
    one = container(INCOMPLETE[name]())
    tracemalloc.start()
    said = list(EXAMINER.examine_container(one, Context()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "label.metadata_too_large" in {error.code for error in said if isinstance(error, FileError)}
    assert peak < 12 * LIMITS.metadata_bytes


@pytest.mark.parametrize("name", [*READ, *INCOMPLETE])
def test_what_is_gathered_stays_within_the_limits(name):
    make = READ[name][0] if name in READ else INCOMPLETE[name]
    gathered = gather(container(make()).structure, LIMITS)
    assert len(gathered.fields) <= LIMITS.nodes
    assert sum(len(one.text) for one in gathered.fields) <= LIMITS.metadata_bytes
