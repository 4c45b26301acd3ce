"""Each house rule catches what it is about, and allows what it is not about."""

import pytest
from tests.unit.architecture.rules import (
    FUNCTION_LINES,
    HOSTS,
    MODULE_LINES,
    REASON,
    betraying,
    out_of_bounds,
    too_long,
    undocumented,
    unscoped,
    upward,
)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bixie.kit.errors", "import bixie.imaging.decode"),
        ("bixie.imaging.decode", "from bixie.examiners.results import Finding"),
        ("bixie.examiners.runner", "def late():\n    from bixie import report"),
        ("bixie.report.document", "from bixie.cli.main import main"),
        ("bixie.kit.errors", "from . import messages"),
        ("bixie", "from bixie.cli.main import main"),
    ],
)
def test_an_arrow_that_points_up_or_sideways_is_caught(module, source):
    assert len(upward(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bixie.imaging.decode", "import numpy\nfrom bixie.kit.errors import BixieError"),
        ("bixie.cli.main", "from bixie.report.page import render\nimport bixie.examiners.results"),
        ("bixie", "from bixie.report.examination import examine"),
        ("bixie.kit.errors", "from bixie.kit import messages"),
    ],
)
def test_an_arrow_that_points_down_or_stays_is_allowed(module, source):
    assert upward(module, source) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bixie.ledger.service", "from sqlalchemy import select"),
        ("bixie.ledger.service", "import sqlalchemy as sa"),
        ("bixie.ledger.repository", "from sqlalchemy import text"),
        ("bixie.ledger.repository", "from sqlalchemy.orm import Session"),
        ("bixie.vault.service", "from bixie.access.tenancy import reading_every_tenant"),
        ("bixie.vault.repository", "rows = session.connection().execute(statement)"),
        ("bixie.vault.repository", "rows = session.execute(select(Exhibit.__table__))"),
        ("bixie.cases.service", "def f(store):\n    return store.engine"),
        ("bixie.cases.service", "session.bulk_insert_mappings(Case, rows)"),
    ],
)
def test_a_way_around_the_tenant_is_caught(module, source):
    assert len(unscoped(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bixie.ledger.repository", "from sqlalchemy import delete, func, select"),
        ("bixie.ledger.models", "from sqlalchemy import Index"),
        ("bixie.assembly.stores", "from sqlalchemy import inspect\nstore.engine"),
        ("bixie.store.migration", "from sqlalchemy import text"),
    ],
)
def test_a_query_that_is_held_to_its_tenant_is_allowed(module, source):
    assert unscoped(module, source) == []


def test_length_is_counted_without_the_docstring_and_a_reason_lifts_the_limit():
    body = "    x = 1\n" * FUNCTION_LINES
    docstring = '    """Summary.' + "\n" * FUNCTION_LINES + '    """\n'
    assert too_long("def f():\n" + body) == [f"f: {FUNCTION_LINES + 1} lines"]
    assert too_long("def f():\n" + docstring + body[len("    x = 1\n") :]) == []
    assert too_long(f"def f():\n    {REASON} it is one table.\n" + body) == []
    assert too_long("x = 1\n" * (MODULE_LINES + 1)) == [f"module: {MODULE_LINES + 1} lines"]


def test_a_missing_docstring_is_caught_at_every_level():
    source = "class A:\n    def method(self): ...\n    def _hidden(self): ...\ndef function(): ...\n"
    assert undocumented(source) == ["module", "A", "function", "A.method"]


@pytest.mark.parametrize(
    "text",
    [
        f"index-url = {HOSTS[0]}/simple",
        "see /" + "root/notes.txt",
        "open('/" + "home/somebody/photo.jpg')",
        "C:" + "\\Users\\" + "somebody",
        '"resolved' + '": "…"',
    ],
)
def test_a_betrayed_machine_is_caught(text):
    assert len(betraying(text)) == 1


@pytest.mark.parametrize(
    "text", ["src/bixie/jobs/jobs.py", "../shared/data", "~/.pyenv/versions", "https://example.org/home"]
)
def test_a_harmless_path_is_not_taken_for_a_machine(text):
    assert betraying(text) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("src/bixie/kit/ids.py", "from tests.makers import photo"),
        ("tests/unit/test_a.py", "from bench import scoring"),
        ("tests/unit/test_a.py", "def late():\n    import bench.scoring"),
        ("bench/law.py", "from training.pairs import Pair"),
        ("bench/law.py", "from tests.unit.test_a import x"),
    ],
)
def test_a_folder_that_reaches_into_another_is_caught(path, source):
    assert len(out_of_bounds(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("bench/ledger.py", "from tests.services import postgresql"),
        ("bench/tests/load/conftest.py", "from tests.integration.conftest import store"),
        ("training/pairs.py", "from bench.datasets import pictures_of"),
        ("docs/reference/generate.py", "import bixie"),
    ],
)
def test_a_folder_that_reaches_down_is_allowed(path, source):
    assert out_of_bounds(path, source) == []
