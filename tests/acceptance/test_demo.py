"""``bixie demo`` as a visitor starts it: killed in the middle, started again, looked at, started anew."""

import json
import signal
import socket
import sqlite3
import stat
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest
from tests.acceptance.demo_process import TOO_LONG, address_of, started

from bixie.assembly.demo.seeding import STORIES
from bixie.assembly.demo.story import CarryOut
from bixie.cli.main import main


def events(folder):
    """Return the types of the ledger's events, counted."""
    with sqlite3.connect(f"file:{folder}/bixie.sqlite3?mode=ro", uri=True) as database:
        return Counter(kind for (kind,) in database.execute("SELECT type FROM ledger_event"))


def killed_while_seeding(folder):
    """Start a demo and kill it after some of the cases were filed."""
    with started(folder) as process:
        until = time.monotonic() + TOO_LONG
        while time.monotonic() < until:
            assert process.poll() is None
            try:
                if events(folder)["case.filed"] >= 5:
                    break
            except sqlite3.OperationalError:
                pass  # not made yet
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    return events(folder)


class Visitor:
    """Looks at a running demo with one of its keys."""

    def __init__(self, address, key):
        self._address, self._key = address, key

    def get(self, path):
        asked = urllib.request.Request(self._address + path, headers={"Authorization": f"Bearer {self._key}"})
        with urllib.request.urlopen(asked, timeout=TOO_LONG) as answer:
            return answer.read().decode()

    def cases(self):
        return json.loads(self.get("/api/v1/cases"))["items"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def demo(folder):
    """Start a demo that was killed in the middle of its first start; yield its process and address."""
    cut_off = killed_while_seeding(folder)
    assert cut_off["case.filed"] < len(STORIES)
    assert not (folder / "demo-keys.json").exists()
    with started(folder) as process:
        yield process, address_of(process)


@pytest.fixture(scope="module")
def address(demo):
    return demo[1]


@pytest.fixture(scope="module")
def visitors(address, folder):
    keys = json.loads((folder / "demo-keys.json").read_text(encoding="utf-8"))
    return {name: Visitor(address, key) for name, key in keys.items()}


def stop(process):
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=TOO_LONG) == 0


def told(case):
    return next(one for one in STORIES if one.order.number == case["claim"]["order"])


def is_ordered_outside(case):
    """Say whether a case leads to an order: repairs wait for a service of their own."""
    kinds = {type(timed.step) for timed in told(case).steps}
    return CarryOut in kinds or (case["status"], case["claim"]["service"]) == ("remedying", "replenish")


def test_each_case_was_filed_once_and_has_come_as_far_as_its_story(visitors):
    cases = visitors["platform"].cases()
    assert sorted(case["claim"]["order"] for case in cases) == sorted(one.order.number for one in STORIES)
    assert {case["claim"]["order"]: case["status"] for case in cases} == {
        one.order.number: one.ends for one in STORIES
    }


def test_each_key_sees_what_is_its_own(visitors, folder):
    assert set(visitors) == {"platform", "merchant", "reviewer"}
    assert stat.S_IMODE((folder / "demo-keys.json").stat().st_mode) == 0o600
    assert len(visitors["reviewer"].cases()) == len(STORIES)
    seen = visitors["merchant"].cases()
    assert sorted(told(case).key for case in seen) == sorted(
        one.key for one in STORIES if one.order.shop == "food"
    )


def test_photos_were_examined_and_their_pages_are_there(visitors):
    platform = visitors["platform"]
    for case in platform.cases():
        story = told(case)
        full = json.loads(platform.get(f"/api/v1/cases/{case['id']}"))
        found = sorted(one["verdict"] for one in full["exhibits"] if one["side"] == "buyer")
        assert found == sorted(story.verdicts.values()), story.key
        open_duties = [duty for duty in full["duties"] if duty["state"] == "open"]
        assert bool(open_duties) == (story.ends != "closed"), story.key
    refuted = [one for one in full_exhibits(platform) if one["verdict"] == "refuted"]
    assert refuted
    page = platform.get(f"/api/v1/reports/{refuted[0]['report']}/page")
    assert page.startswith("<!DOCTYPE html>")


def full_exhibits(platform):
    for case in platform.cases():
        yield from json.loads(platform.get(f"/api/v1/cases/{case['id']}"))["exhibits"]


def test_remedies_are_ordered_in_the_folder_only(visitors, folder):
    remedied = [case for case in visitors["platform"].cases() if is_ordered_outside(case)]
    orders = [json.loads(path.read_bytes()) for path in (folder / "remedies").glob("*.json")]
    assert sorted(one["case"] for one in orders) == sorted(case["id"] for case in remedied)


def test_the_start_page_says_what_this_is_and_nobody_else_is_let_in(address):
    with urllib.request.urlopen(f"{address}/", timeout=TOO_LONG) as answer:
        assert answer.status == 200
        assert "demo-keys.json" in answer.read().decode()
    port = int(address.rsplit(":", 1)[1])
    # Whoever listens at every address answers at this one as well.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=TOO_LONG)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/api/v1/cases", timeout=TOO_LONG)
    with refused.value as answer:
        assert answer.code == 401


@pytest.mark.usefixtures("demo")
def test_a_second_demo_of_the_folder_is_refused(folder, capsys):
    assert main(["demo", "--data", str(folder), "--port", "0", "--lang", "en"]) == 2
    assert str(folder) in capsys.readouterr().err


def test_another_start_goes_on_and_the_ledger_holds(demo, folder, capsys):
    before, keys = events(folder), (folder / "demo-keys.json").read_bytes()
    stop(demo[0])
    with started(folder) as process:
        address = address_of(process)
        assert len(Visitor(address, json.loads(keys)["platform"]).cases()) == len(STORIES)
        stop(process)
    after = events(folder)
    grown = {kind for kind in after if after[kind] != before[kind]}
    assert grown <= {"ledger.key", "ledger.checkpoint", "identity.key_used"}
    assert (folder / "demo-keys.json").read_bytes() == keys
    assert main(["ledger", "verify", "--data", str(folder), "--files", "--lang", "en"]) == 0
    assert "The ledger holds" in capsys.readouterr().out
