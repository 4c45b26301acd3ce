"""``bixie demo`` refuses a port or a folder that it cannot use before it makes anything."""

import socket

import pytest

from bixie.assembly.stores import ready_store
from bixie.cli.main import main
from bixie.store.settings import DATABASE_FILE, Location


@pytest.mark.parametrize("port", ["eighty", "70000"])
def test_what_is_no_port_is_refused(tmp_path, capsys, port):
    assert main(["demo", "--data", str(tmp_path), "--port", port, "--lang", "en"]) == 2
    assert port in capsys.readouterr().err
    assert not (tmp_path / DATABASE_FILE).exists()


def test_a_port_that_is_taken_is_named_and_no_case_is_made(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["demo", "--data", str(tmp_path), "--port", port, "--lang", "en"]) == 2
    assert port in capsys.readouterr().err
    assert not (tmp_path / DATABASE_FILE).exists()


def test_a_folder_with_another_store_stays_as_it_is(tmp_path, capsys):
    ready_store(Location.find(str(tmp_path), environment={})).close()
    there = (tmp_path / DATABASE_FILE).read_bytes()
    assert main(["demo", "--data", str(tmp_path), "--port", "0", "--lang", "en"]) == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert (tmp_path / DATABASE_FILE).read_bytes() == there
    assert not (tmp_path / "demo.json").exists()
