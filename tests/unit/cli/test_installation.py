"""The command that adds the packages of an extra to the environment of the program."""

import sys
from importlib import metadata

from bixie.cli import installation
from bixie.cli.installation import command_that_adds


def test_it_names_what_this_installation_asks_for_and_nothing_of_other_extras(monkeypatch):
    declared = [
        "numpy>=2.2",
        "av>=18.1; extra == 'all'",
        "av>=18.1 ; extra == 'video'",
        'obstore; extra == "s3"',
    ]
    monkeypatch.setattr(metadata, "requires", lambda _: declared)
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    assert command_that_adds("video", ("av",)) == "/usr/bin/python3 -m pip install 'av>=18.1'"
    assert command_that_adds("s3", ("obstore",)) == "/usr/bin/python3 -m pip install obstore"


def test_from_sources_that_are_not_installed_it_names_the_packages(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", missing)
    assert command_that_adds("video", ("av",)).endswith(" -m pip install av")


def test_an_environment_without_pip_is_filled_by_uv(monkeypatch):
    monkeypatch.setattr(installation, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "executable", "/tools/bixie/bin/python")
    assert command_that_adds("none", ("av",)) == "uv pip install --python /tools/bixie/bin/python av"
