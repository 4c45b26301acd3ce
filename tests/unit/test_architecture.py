"""The repository keeps the house rules that no other tool checks."""

from tests.unit.architecture.rules import (
    ALL_PYTHON,
    BENCH_LINES,
    FLOORS,
    ROOT,
    SOURCES,
    TEXTS,
    WORDS,
    betraying,
    imported,
    measures,
    module_name,
    name,
    offenders,
    out_of_bounds,
    room,
    too_long,
    undocumented,
    unscoped,
    upward,
)


def test_a_room_imports_only_rooms_below_it():
    assert offenders(lambda path, source: upward(module_name(path), source), SOURCES) == {}


def test_no_query_can_be_without_its_tenant():
    assert offenders(lambda path, source: unscoped(module_name(path), source), SOURCES) == {}


def test_no_module_or_function_is_too_long_without_a_reason():
    assert offenders(lambda _path, source: too_long(source), ALL_PYTHON) == {}


def test_only_the_demo_signs_in_without_a_password():
    door = "bixie.identity.signin.demo_session"
    users = {module_name(path) for path in SOURCES if door in imported(path.read_text(encoding="utf-8"))}
    assert users == {"bixie.assembly.demo.stage"}


def test_everything_public_is_documented():
    """The verifier that travels in packages has no callers: it is read whole, in under 200 lines."""
    travelling = ROOT / "src" / "bixie" / "dossier" / "inside" / "verify.py"
    sources = [path for path in SOURCES if path != travelling]
    assert offenders(lambda _path, source: undocumented(source), sources) == {}


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


def test_tests_import_no_bench_and_the_bench_no_training():
    offences = [out_of_bounds(name(path), path.read_text(encoding="utf-8")) for path in ALL_PYTHON]
    assert [one for each in offences for one in each] == []


def test_the_bench_only_measures_and_stays_small():
    """Grown by 150 lines for `bench/load/duties.py`: 10,000 duties that are due at once is a promise.

    And by 130 lines for `bench/load/case_lists.py`: so is the speed of lists of 100,000 cases.
    And by 570 lines for `bench/load/case_kills.py` and `claim_scripts.py`: that a kill loses and doubles
    nothing of a case is one as well, and what each script must leave is written out.
    And by 130 lines for `bench/load/many_cases.py`: 100,000 cases are written in minutes, not in an hour.
    And by 190 lines for `bench/load/pages.py`: how fast each page is with as many cases, and what it weighs.
    And by 30 lines for the kill script of goods that are sent back: what it must leave is written out too.
    And by 130 lines for `bench/package.py`: what a package costs beside hashing its files is a promise.
    And by 20 lines for the trust lists: the library is asked with them as they were published.
    """
    lines = [
        len(path.read_text(encoding="utf-8").splitlines()) for path in ALL_PYTHON if measures(name(path))
    ]
    assert 0 < sum(lines) <= BENCH_LINES
