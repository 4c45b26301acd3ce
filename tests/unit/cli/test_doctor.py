"""``bixie doctor``."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from bixie.cli import doctor
from bixie.cli.main import main
from bixie.examiners import registry
from bixie.imaging.limits import Limits
from bixie.kit.messages import catalogue
from bixie.kit.shell import join_command
from bixie.ledger.signing import KeyFile
from bixie.version import __version__

PROJECT = tomllib.loads((Path(__file__).resolve().parents[3] / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]


def name(requirement):
    return requirement.split(">=")[0].split("[")[0]


def test_it_looks_for_exactly_what_installing_brings():
    assert sorted(doctor.PACKAGES) == sorted(map(name, PROJECT["dependencies"]))


def test_it_knows_every_extra_of_run_time_and_says_what_it_adds():
    extras = {key: value for key, value in PROJECT["optional-dependencies"].items() if key != "all"}
    assert {extra: list(packages) for extra, packages in doctor.EXTRAS.items()} == {
        extra: list(map(name, packages)) for extra, packages in extras.items() if extra != "dev"
    }
    assert {f"doctor.extra.{extra}" for extra in doctor.EXTRAS} <= set(catalogue("bixie.cli").sentences)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_shows_packages_extras_examiners_and_limits(language, capsys):
    assert main(["doctor", "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert f"bixie {__version__}" in shown
    for part in ("pillow", "video", "derivation", "BIXIE_LIMIT_PIXELS"):
        assert part in shown


@pytest.mark.parametrize(("language", "name"), [("zh", "拍摄信息"), ("en", "Camera data")])
def test_examiners_have_their_names_in_the_language(language, name, capsys):
    main(["doctor", "--lang", language])
    assert f"  {'camera':<24}{name}\n" in capsys.readouterr().out


def test_the_document_for_programs_holds_the_same(capfdbinary):
    assert main(["doctor", "--json"]) == 0
    document = json.loads(capfdbinary.readouterr().out)
    assert document["schema"] == "bixie.doctor/1"
    assert document["limits"]["pixels"] == Limits.from_environment().pixels
    assert "derivation" in document["examiners"]
    assert list(document["examiner_names"]) == document["examiners"]
    assert document["extras"]["video"]["adds"]["zh"]


def test_a_missing_package_is_shown_and_ends_with_status_3(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package",))
    assert main(["doctor", "--lang", "en"]) == 3
    assert "no-such-package         missing" in capsys.readouterr().out


def test_a_missing_extra_is_shown_with_the_command_that_adds_it(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "EXTRAS", {"video": ("no-such-package",)})
    assert main(["doctor", "--lang", "en"]) == 0
    (needed,) = PROJECT["optional-dependencies"]["video"]
    assert f"not installed: {join_command([sys.executable, '-m', 'pip', 'install', needed])}" in (
        capsys.readouterr().out
    )


def test_examiners_that_cannot_be_loaded_are_a_sentence_not_a_traceback(monkeypatch, capsys):
    def broken():
        raise ImportError("libGL.so.1 is missing")

    monkeypatch.setattr(registry, "find_examiners", broken)
    assert main(["doctor", "--lang", "en"]) == 3
    assert "libGL.so.1 is missing" in capsys.readouterr().out


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that looks like a store, and no other setting."""
    for name in ("BIXIE_LEDGER_KEY", "BIXIE_LEDGER_WITNESSES", "BIXIE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BIXIE_DATA", str(tmp_path))
    (tmp_path / "bixie.sqlite3").touch()
    return tmp_path


def notes(capsys):
    assert main(["doctor", "--json"]) == 0
    ledger = json.loads(capsys.readouterr().out)["ledger"]
    assert all(note["zh"] for note in ledger["notes"])
    return ledger, " ".join(note["en"] for note in ledger["notes"])


def test_without_a_store_it_says_nothing_of_a_ledger(place, capsys):
    (place / "bixie.sqlite3").unlink()
    main(["doctor", "--json"])
    assert json.loads(capsys.readouterr().out)["ledger"] is None


def test_it_says_that_the_key_lies_beside_the_store_and_that_nobody_witnesses(place, capsys):
    ledger, said = notes(capsys)
    assert (ledger["key_beside_store"], ledger["witnesses"]) == (True, [])
    assert "in the same folder as the store" in said
    assert "no witness" in said
    assert main(["doctor", "--lang", "zh"]) == 0
    assert "见证方" in capsys.readouterr().out


def test_it_is_content_with_a_key_elsewhere_and_a_witness(place, monkeypatch, capsys):
    file = KeyFile(place / "elsewhere.pem", beside_store=True)
    file.signer(create=True)
    monkeypatch.setenv("BIXIE_LEDGER_KEY", str(file.path))
    monkeypatch.setenv("BIXIE_LEDGER_WITNESSES", str(place))
    ledger, said = notes(capsys)
    assert (ledger["witnesses"], said) == ([str(place)], "")
    file.path.chmod(0o644)
    assert "chmod 600" in notes(capsys)[1]
    monkeypatch.setenv("BIXIE_LEDGER_KEY", str(place / "none.pem"))
    assert "BIXIE_LEDGER_KEY" in notes(capsys)[1]
