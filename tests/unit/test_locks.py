"""The locks: complete, hashed, and nothing in them that has no place in an installation."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("default", "all", "dev", "build")
NEVER = {"torch", "torchvision", "pillow-heif", "pyexiv2", "pymerkle", "phe"}
"""Several gigabytes of CUDA, or GPL: none of it may come in through a dependency of a dependency."""


def pins(lock):
    """Return the packages of a lock with the hashes of each pin."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    found = re.findall(r"(?m)^([a-z0-9-]+)==[^\s;]+[^\\\n]*((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$", text)
    assert len(found) == len(re.findall(r"(?m)^[^\s#]", text)), "a line that this test cannot read"
    return [(name, hashes.count("sha256:")) for name, hashes in found]


def names(requirements):
    return {re.match(r"[a-z0-9-]+", requirement.lower())[0] for requirement in requirements}


def asked_for(lock):
    extras = PROJECT["project"]["optional-dependencies"]
    asked = names(PROJECT["project"]["dependencies"])
    if lock in {"all", "dev"}:
        asked |= {name for extra in extras.values() for name in names(extra)} - {"bixie"}
    groups = PROJECT["dependency-groups"]
    return {
        "build": names(groups["build"]),
        "dev": asked | names(groups["dev"]) | names(groups["build"]),
    }.get(lock, asked)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock):
    assert [name for name, hashes in pins(lock) if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_project_asks_for_is_locked(lock):
    assert asked_for(lock) - {name for name, _ in pins(lock)} == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_unwanted_came_in(lock):
    assert {name for name, _ in pins(lock)} & NEVER == set()


@pytest.mark.parametrize(("small", "large"), [("default", "all"), ("all", "dev"), ("build", "dev")])
def test_an_environment_can_grow_from_one_lock_to_the_next(small, large):
    lines = {
        lock: set(re.findall(r"(?m)^[a-z0-9-]+==\S+", (ROOT / f"requirements/{lock}.txt").read_text()))
        for lock in (small, large)
    }
    assert lines[small] - lines[large] == set()


def test_everything_that_builds_the_package_is_locked():
    assert names(PROJECT["build-system"]["requires"]) <= {name for name, _ in pins("build")}


def test_all_installs_every_extra():
    extras = PROJECT["project"]["optional-dependencies"]
    asked = {extra for line in extras["all"] for extra in re.search(r"\[(.*)]", line)[1].split(",")}
    assert asked == set(extras) - {"all"}


def test_the_page_of_licences_names_every_locked_package():
    page = (ROOT / "docs/reference/licences.md").read_text(encoding="utf-8")
    assert {name for name, _ in pins("dev")} - set(re.findall(r"(?m)^\| ([a-z0-9-]+) \|", page)) == set()
