"""``bixie vault keep`` as a person and a program call it, also when it is killed."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image
from tests.services.authorities import Keys, serving

from bixie.cli.main import main
from bixie.store.settings import DATABASE_FILE


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "打包.png"
    path.write_bytes(png())
    return path


def png(colour=(1, 2, 3)):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "PNG")
    return data.getvalue()


def run(capfdbinary, *arguments):
    status = main([*arguments, "--json"])
    printed = capfdbinary.readouterr()
    return status, json.loads(printed.out) if printed.out else None, printed.err.decode()


def keep(capfdbinary, photo, folder, number="4012345678901234567"):
    words = ("vault", "keep", str(photo), "--order", number, "--data", str(folder))
    return run(capfdbinary, *words, *([] if (folder / DATABASE_FILE).exists() else ["--new"]))


def test_a_photo_becomes_evidence_and_the_ledger_holds(photo, tmp_path, capfdbinary):
    folder = tmp_path / "data"
    status, document, errors = keep(capfdbinary, photo, folder)
    data = photo.read_bytes()
    assert (status, document["store"]) == (0, str(folder))
    assert errors.endswith(f" {folder}\n")  # a new store was made
    assert document["schema"] == "bixie.exhibit/1"
    assert document["sha256"] == hashlib.sha256(data).hexdigest()
    assert (document["order"], document["bytes"]) == ("4012345678901234567", len(data))
    assert (document["media_type"], document["state"], document["error"]) == ("image/png", "kept", None)
    assert document["checkpoint"]["size"] == 3  # one of the events names the key that signs
    assert data in [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    status, document, _ = run(capfdbinary, "ledger", "verify", "--data", str(folder))
    assert (status, document["events"], document["checkpoints"]) == (0, 4, 1)
    assert document["signatures"]["checked"] == 1


def test_keeping_it_again_keeps_one(photo, tmp_path, capfdbinary):
    first = keep(capfdbinary, photo, tmp_path / "data")[1]
    again = keep(capfdbinary, photo, tmp_path / "data")[1]
    assert again["id"] == first["id"]


@pytest.mark.parametrize(("language", "words"), [("en", "Kept for order 42"), ("zh", "已存为订单 42 的证据")])
def test_it_says_so_in_words(photo, tmp_path, capsys, language, words):
    place = ["--data", str(tmp_path / "d")]
    status = main(["vault", "keep", str(photo), "--order", "42", *place, "--new", "--lang", language])
    said = capsys.readouterr()
    assert status == 0
    assert words in said.out
    assert f" {tmp_path / 'd'}\n" in said.out
    assert ("role    packing\n" if language == "en" else "用途     打包发货\n") in said.out
    assert ("Order 42 is not known yet." if language == "en" else "还没有订单 42 的信息。") in said.out
    assert str(tmp_path / "d") in said.err


def test_an_order_that_is_not_known_is_a_note_and_no_refusal(photo, tmp_path, capfdbinary):
    folder = tmp_path / "data"
    status, document, _ = keep(capfdbinary, photo, folder)
    assert (status, document["state"]) == (0, "kept")
    assert [note["code"] for note in document["notes"]] == ["vault.order_not_known"]
    orders = tmp_path / "orders.csv"
    orders.write_text("订单号\n4012345678901234567\n", encoding="utf-8")
    assert main(["order", "import", str(orders), "--data", str(folder)]) == 0
    capfdbinary.readouterr()
    assert keep(capfdbinary, photo, folder)[1]["notes"] == []


def test_the_database_of_the_environment_is_used(photo, location, monkeypatch, capfdbinary):
    monkeypatch.setenv("BIXIE_DATABASE_URL", location.url.render_as_string(hide_password=False))
    folder = location.folder.parent / "files"
    assert keep(capfdbinary, photo, folder)[0] == 0
    assert not (folder / DATABASE_FILE).exists()
    assert (folder / "blobs").is_dir()
    status, document, _ = run(capfdbinary, "ledger", "verify")
    assert (status, document["ok"], document["checkpoints"]) == (0, True, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"plain text, no picture", "not a picture"), (None, "no file at this path")],
)
def test_what_is_no_evidence_is_refused_and_nothing_is_kept(
    tmp_path, content, words, monkeypatch, capfdbinary
):
    file = tmp_path / "claim.jpg"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    status, document, errors = run(
        capfdbinary, "vault", "keep", str(file), "--order", "1", "--data", str(tmp_path / "d"), "--new"
    )
    assert (status, document) == (3, None)
    assert words in errors


def test_a_broken_picture_is_refused_and_stays_in_quarantine(tmp_path, capfdbinary):
    file = tmp_path / "claim.png"
    file.write_bytes(png()[:40])
    status, document, errors = keep(capfdbinary, file, tmp_path / "data")
    assert (status, document["state"], document["error"]["code"]) == (3, "refused", "imaging.broken")
    assert errors


def test_without_an_order_it_is_wrong_usage(photo):
    with pytest.raises(SystemExit) as stop:
        main(["vault", "keep", str(photo)])
    assert stop.value.code == 2


def test_a_setting_that_cannot_work_is_said_before_anything_is_kept(
    photo, tmp_path, monkeypatch, capfdbinary
):
    monkeypatch.setenv("BIXIE_TIMESTAMP_URL", "http://127.0.0.1:1/tsa")
    assert keep(capfdbinary, photo, tmp_path / "data")[0] == 2
    assert not (tmp_path / "data").exists()


def test_the_checkpoint_is_stamped_by_the_authority_that_is_named(photo, tmp_path, monkeypatch, capfdbinary):
    keys = Keys(tmp_path / "authority", "Authority")
    monkeypatch.setenv("BIXIE_TIMESTAMP_ROOTS", str(keys.roots))
    folder = tmp_path / "data"
    with serving(lambda query: (200, keys.answer(query))) as url:
        monkeypatch.setenv("BIXIE_TIMESTAMP_URL", url)
        assert keep(capfdbinary, photo, folder)[1]["stamped"] is True
    # The authority is gone: the evidence is kept all the same, and a warning says what is missing.
    status, document, errors = keep(capfdbinary, photo, folder, "another order")
    assert (status, document["stamped"]) == (0, False)
    assert errors
    document = run(capfdbinary, "ledger", "verify", "--data", str(folder))[1]
    assert (document["ok"], document["stamps"]) == (True, {"checked": 1, "unchecked": 0})


@pytest.mark.chaos
def test_killed_at_any_instant_nothing_that_was_told_is_lost_and_the_ledger_holds(
    tmp_path, location, monkeypatch, capfdbinary
):
    monkeypatch.setenv("BIXIE_DATABASE_URL", location.url.render_as_string(hide_password=False))
    folder, told = tmp_path / "data", {}
    command = [sys.executable, "-m", "bixie", "vault", "keep"]
    began = time.monotonic()
    first = tmp_path / "first.png"
    first.write_bytes(png((0, 0, 0)))
    subprocess.run(
        [*command, first, "--order", "0", "--data", folder, "--new", "--json"],
        capture_output=True,
        check=True,
    )
    whole = time.monotonic() - began
    for number in range(1, 9):
        photo = tmp_path / f"{number}.png"
        photo.write_bytes(png((number, 0, 0)))
        child = subprocess.Popen(
            [*command, photo, "--order", str(number), "--data", folder, "--json"], stdout=subprocess.PIPE
        )
        time.sleep(whole * (0.5 + number / 16))
        child.send_signal(signal.SIGKILL)
        printed = child.communicate()[0]
        if printed.endswith(b"}\n"):
            told[number] = json.loads(printed)
    assert run(capfdbinary, "ledger", "verify")[0] == 0
    for number in range(1, 9):
        status, document, _ = keep(capfdbinary, tmp_path / f"{number}.png", folder, str(number))
        assert (status, document["state"]) == (0, "kept")
        assert number not in told or told[number]["id"] == document["id"]
    assert run(capfdbinary, "ledger", "verify")[1]["ok"] is True
