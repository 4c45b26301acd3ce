"""Files of a few bytes that announce many pixels: looked into by a child with 1.2 GB of address space."""

import io
import sys

import pytest
from tests.makers.costly_files import costly_files
from tests.makers.imaging import every_format
from tests.sweeps import check_each

from bixie.imaging.limits import Limits
from bixie.vault import inspection
from bixie.vault.inspection import look_into

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory of a child is limited on Linux only")

ADDRESS_SPACE = 1_200_000_000
ANSWERS = {"imaging.too_much_memory", "imaging.broken", "imaging.out_of_memory"}
"""What may be said of one; a few can be opened."""


@pytest.fixture(scope="module")
def look():
    """Let the children have so much address space, and return a function that looks into a file."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    inspection.CHILDREN.close()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, before[1]))
    try:
        inspection.CHILDREN.warm()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    yield lambda data: look_into(io.BytesIO(data), "a", Limits(), wait_seconds=60)
    inspection.CHILDREN.close()


def test_each_is_refused_or_opened_and_the_child_goes_on(look):
    def check(data):
        refusal = look(data)
        assert refusal is None or refusal.code in ANSWERS, refusal
        assert look(every_format()["png"]) is None

    check_each(costly_files().items(), check)
