"""The folder that gets a file for each order."""

import json
import re

import pytest
from tests.unit.remedies.orders import made_order

from bixie.kit.timestamps import utc_now
from bixie.remedies.file_gateway import FileGateway
from bixie.store import disk
from bixie.store.errors import StoreError


@pytest.fixture
def gateway(tmp_path):
    return FileGateway(tmp_path / "data" / "remedies")


def test_an_order_is_a_file_and_nobody_has_carried_it_out_yet(gateway):
    order = made_order()
    answer = gateway.send(order, utc_now())
    assert (answer.settled, answer.reference) == (False, None)
    (path,) = gateway.folder.iterdir()
    assert path.name == f"{order.id}.json"
    assert path.read_bytes() == order.encoded() + b"\n"
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_order_again_leaves_the_one_file_as_it_is(gateway):
    order = made_order()
    gateway.send(order, utc_now())
    (path,) = gateway.folder.iterdir()
    before = path.stat()
    gateway.send(order, utc_now())
    assert list(gateway.folder.iterdir()) == [path]
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_process_that_dies_while_it_writes_leaves_no_order_that_could_be_read(gateway, monkeypatch):
    class Killed(BaseException):
        pass

    def die(_folder):
        raise Killed

    order = made_order()
    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync_folder", die)
        gateway.folder.mkdir(parents=True)
        with pytest.raises(Killed):
            gateway.send(order, utc_now())
    assert list(gateway.folder.glob("*.json")) == []
    gateway.send(order, utc_now())
    (path,) = gateway.folder.glob("*.json")
    assert json.loads(path.read_bytes())["id"] == order.id


def test_a_folder_that_cannot_be_written_is_an_error_that_a_later_attempt_may_mend(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match=r"store\.files"):
        FileGateway(tmp_path / "taken").send(made_order(), utc_now())


@pytest.mark.parametrize("id_", ["../../etc/cron", "remedy_", "order_00000000000000000000000000"])
def test_only_an_id_of_a_remedy_names_a_file(gateway, id_):
    with pytest.raises(ValueError, match=re.escape(id_)):
        gateway.send(made_order(id=id_), utc_now())
    assert not gateway.folder.exists()
