"""The house rules that no other tool checks: who may import whom, how long things grow, what files may say.

Each rule is a function from a file's text to its offences, so that every rule is also shown to catch one.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

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


BENCH_LINES = 12_980


def measures(path: str) -> bool:
    """Say whether a file is of the bench and none of its tests."""
    return path.startswith("bench/") and not path.startswith("bench/tests/")
