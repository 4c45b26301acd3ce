"""The house rules that no other tool checks: who may import whom, how long things grow, what files may say.

Each rule is a function from a file's text to its offences, so that every rule is also shown to catch one.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOORS = (
    *("version", "kit", "imaging", "examiners", "report", "law", "policies", "store", "jobs", "access"),
    *("ledger", "vault", "identity", "archive", "orders", "examinations", "cases", "remedies"),
    *("register", "dossier", "notices", "web", "assembly", "client", "cli", "__main__"),
)
"""The rooms of docs/explanation/architecture.md, ground floor first."""
ENTRANCE = ("bixie", "report")
"""``bixie/__init__.py`` is the public face of the library: it may look up to the report room, no further."""

CONNECTING = ("web", "assembly", "cli", "__main__")
"""Rooms that open the store for the others."""
QUERIES = frozenset(
    {"select", "insert", "update", "delete", "exists", "union", "union_all", "func", "aliased", "join"}
)
ALWAYS_BANNED = frozenset(
    {"text", "Session", "sessionmaker", "Engine", "create_engine", "reading_every_tenant"}
)
AROUND = frozenset({"__table__", "connection", "engine", "get_bind", "exec_driver_sql", "from_statement"})
"""Attributes that lead around the session that knows its tenant."""

MODULE_LINES = 400
FUNCTION_LINES = 40
REASON = "# Long because"
"""A comment that begins so, inside the module or function, gives the reason for its length."""

HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmmirror", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("debian", "org"),
        ("tsinghua", "edu", "cn"),
        ("aliyun", "com"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.~$})-])/(?:root|work|opt|home/\w+|Users/\w+)/|\b[A-Z]:\\+Users\\+\w")
RESOLVED = re.compile('"resolved' + '"\\s*:')
WORDS = re.compile("fraudster|blacklist|credit.?score|黑名单|骗子|信用分|欺诈者", re.IGNORECASE)


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the repository that git tracks, or would if they were added now."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run([*command, "--", *patterns], cwd=ROOT, capture_output=True, check=True).stdout
    return sorted({ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()})


def text_of(path: Path) -> str | None:
    """Return a file's text, or None for pictures and other binaries."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


SOURCES = tracked("src/bixie/*.py")
ALL_PYTHON = tracked("*.py")
TEXTS = [path for path in tracked() if text_of(path) is not None]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def imported(source: str) -> Iterator[str]:
    """Yield the full name of every module of Bixie that `source` imports, wherever in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            # `from bixie import report` names a room, `from bixie.report import save` does not.
            names = [f"bixie.{alias.name}" if alias.name in FLOORS else "bixie" for alias in node.names]
            yield from (names if base == "bixie" else [base])


def upward(module: str, source: str) -> list[str]:
    """Return the imports of `source` that point up, and those that are relative."""
    here, offences = room(module), []
    for target in imported(source):
        if target.startswith("."):
            offences.append(f"{module} imports {target} relatively")
        elif target.split(".")[0] == "bixie" and height(room(target)) > height(here):
            offences.append(f"{module} imports {target}")
    return offences


def height(of: str) -> int:
    """Return the floor of a room. Raises ValueError for one that the list does not know."""
    return FLOORS.index(ENTRANCE[1] if of == ENTRANCE[0] else of)


def too_long(source: str) -> list[str]:
    """Return what is too long and gives no reason. A function's docstring is not counted."""
    lines = source.splitlines()
    offences = [] if len(lines) <= MODULE_LINES or REASON in source else [f"module: {len(lines)} lines"]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0]
        documented = ast.get_docstring(node, clean=False) is not None
        docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
        length = (node.end_lineno or 0) - node.lineno + 1 - docstring
        if length > FUNCTION_LINES and not any(
            REASON in line for line in lines[node.lineno - 1 : node.end_lineno]
        ):
            offences.append(f"{node.name}: {length} lines")
    return offences


def undocumented(source: str) -> list[str]:
    """Return the public functions, methods and classes of a module that have no docstring."""
    tree = ast.parse(source)
    offences = [] if ast.get_docstring(tree) or not tree.body else ["module"]
    bodies: list[tuple[str, list[ast.stmt]]] = [("", tree.body)]
    while bodies:
        prefix, body = bodies.pop()
        for node in body:
            if (
                not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                or node.name[0] == "_"
            ):
                continue
            overload = any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)
            if ast.get_docstring(node) is None and not overload:
                offences.append(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                bodies.append((f"{prefix}{node.name}.", node.body))
    return offences


def unscoped(module: str, source: str) -> list[str]:
    """Return how a module of a domain could reach rows without `bixie.access.tenancy` noticing.

    Queries are written in ``repository.py``, for sessions of one tenant (to verify a store, of every tenant);
    nobody goes around the session to the connection, or around the model to its table. Periodic tasks, in
    ``jobs.py``, may ask which tenants have work to do.
    """
    here = room(module)
    if height(here) <= FLOORS.index("access") or here in CONNECTING:
        return []
    in_repository = module.endswith(".repository")
    allowed = {"reading_every_tenant"} if module.endswith(".jobs") else set()
    offences = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and (node.attr in AROUND or node.attr.startswith("bulk_")):
            offences.append(f"{module}: .{node.attr}")
        if isinstance(node, ast.Import):
            offences += [
                f"{module}: import {one.name}" for one in node.names if one.name.startswith("sqlalchemy")
            ]
        if isinstance(node, ast.ImportFrom):
            taken = {one.name for one in node.names}
            banned = ALWAYS_BANNED if in_repository else ALWAYS_BANNED | QUERIES
            offences += [f"{module}: {name}" for name in sorted(taken & banned - allowed)]
    return offences


def betraying(text: str) -> list[str]:
    """Return the registry hosts and the paths of one machine that `text` names."""
    found = [host for host in HOSTS if host in text]
    return found + [match.group() for pattern in (MACHINE_PATH, RESOLVED) for match in pattern.finditer(text)]


def offenders(rule: Callable[[Path, str], list[str]], paths: list[Path]) -> dict[str, list[str]]:
    """Return the offences of every file that has some, by the file's name."""
    found = {name(path): rule(path, text_of(path) or "") for path in paths}
    return {file: offences for file, offences in found.items() if offences}


def test_a_room_imports_only_rooms_below_it():
    assert offenders(lambda path, source: upward(module_name(path), source), SOURCES) == {}


def test_no_query_can_be_without_its_tenant():
    assert offenders(lambda path, source: unscoped(module_name(path), source), SOURCES) == {}


def test_no_module_or_function_is_too_long_without_a_reason():
    assert offenders(lambda _path, source: too_long(source), ALL_PYTHON) == {}


def test_everything_public_is_documented():
    assert offenders(lambda _path, source: undocumented(source), SOURCES) == {}


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    assert offenders(lambda _path, text: betraying(text), TEXTS) == {}


def test_code_and_pages_speak_of_files_never_of_persons():
    shipped = [path for path in TEXTS if name(path).startswith("src/")]
    assert offenders(lambda _path, text: WORDS.findall(text), shipped) == {}


def test_every_examiner_has_its_card():
    examiners = {path.parent for path in SOURCES if path.name == "examiner.py"}
    assert examiners, "no examiner found"
    assert [name(folder) for folder in sorted(examiners) if not (folder / "CARD.md").is_file()] == []


def test_every_room_has_its_floor():
    rooms = {room(module_name(path)) for path in SOURCES}
    assert sorted(rooms - {"bixie"} - set(FLOORS)) == []


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


FOLDERS = {
    "src": ("bixie",),
    "tests": ("bixie", "tests"),
    "bench": ("bixie", "tests.makers", "tests.services", "bench"),
    "bench/tests": ("bixie", "tests", "bench"),
    "training": ("bixie", "tests.makers", "bench", "training"),
}
"""What each folder may import of this repository. Nothing measures itself, and nobody imports training."""
OURS = ("bixie", "tests", "bench", "training")


def out_of_bounds(path: str, source: str) -> list[str]:
    """Return the imports of `source` that the folder of `path` may not have."""
    folder = max((one for one in FOLDERS if path.startswith(f"{one}/")), key=len, default=None)
    if folder is None:
        return []
    return [
        f"{path} imports {target}"
        for target in whole_names(source)
        if target.split(".")[0] in OURS
        and not any(f"{target}.".startswith(f"{allowed}.") for allowed in FOLDERS[folder])
    ]


def whole_names(source: str) -> Iterator[str]:
    """Yield what `source` imports; of ``from tests import made_up`` the name ``tests.made_up``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            short = node.module in OURS
            yield from ([f"{node.module}.{alias.name}" for alias in node.names] if short else [node.module])


def test_tests_import_no_bench_and_the_bench_no_training():
    offences = [out_of_bounds(name(path), path.read_text(encoding="utf-8")) for path in ALL_PYTHON]
    assert [one for each in offences for one in each] == []


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


BENCH_LINES = 11_400


def test_the_bench_only_measures_and_stays_small():
    lines = [
        len(path.read_text(encoding="utf-8").splitlines()) for path in ALL_PYTHON if measures(name(path))
    ]
    assert 0 < sum(lines) <= BENCH_LINES


def measures(path: str) -> bool:
    """Say whether a file is of the bench and none of its tests."""
    return path.startswith("bench/") and not path.startswith("bench/tests/")
