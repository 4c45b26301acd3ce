"""``bixie examine`` from words to exit status, with an examiner made for the purpose."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.makers.pictures import write_jpeg
from tests.unit.examiners.fakes import SENTENCE, PixelExaminer, finding

from bixie.cli.main import main
from bixie.examiners import registry
from bixie.examiners.derivation.presentation import PRESENTATION
from bixie.examiners.results import FileError, Grade, NotApplicable
from bixie.report.document import schema

EDITED = finding("derivation.known_picture_edited", Grade.CONCLUSIVE, 20.0, examiner="derivation")


@pytest.fixture
def says(monkeypatch):
    """What the only examiner says; the tests change it in place."""
    sentences = [EDITED]
    only = PixelExaminer(sentences, name="derivation", presentation=PRESENTATION)
    monkeypatch.setattr(registry, "own_examiners", lambda: (only,))
    return sentences


@pytest.fixture
def photo(tmp_path, says):
    return write_jpeg(tmp_path / "claim.jpg")


def run(*arguments):
    return main(["examine", *map(str, arguments)])


def test_a_verdict_is_said_in_plain_words(photo, capsys):
    assert run(photo, "--lang", "zh") == 0
    shown = capsys.readouterr()
    title = "这张照片和您的图片是同一次拍摄，画面内容不同"
    assert shown.out.startswith(f"[不可采信] {photo}\n  {title}\n  一句话\n")
    assert "须由人工确认" in shown.out
    assert shown.err == ""


def test_several_photos_end_with_the_result_of_the_claim(photo, tmp_path, capsys):
    run(photo, write_jpeg(tmp_path / "b.jpg", 2), "--lang", "en")
    title = "Of 2 files, 2 are the same photographs as yours, with content changed"
    assert f"Result: {title}" in capsys.readouterr().out


def test_what_the_caller_vouches_for_is_said(photo, tmp_path, capsys):
    run(photo, "--known", write_jpeg(tmp_path / "known.jpg", 2), "--lang", "en")
    assert "rest on your word" in capsys.readouterr().out


def test_nothing_rests_on_a_known_picture_that_could_not_be_read(photo, tmp_path, capsys):
    broken = tmp_path / "known.jpg"
    broken.write_bytes(b"no picture")
    run(photo, "--known", broken, "--lang", "en")
    assert "your word" not in capsys.readouterr().out


def test_reasons_and_warnings_are_said(photo, says, capsys):
    says[:] = [NotApplicable("pixels", SENTENCE), FileError("derivation.direction_contradicted", SENTENCE)]
    run(photo, "--lang", "en")
    shown = capsys.readouterr().out
    assert "  warning: a sentence\n" in shown
    assert "pixels: a sentence" not in shown


@pytest.mark.parametrize("words", [["./-photo.jpg"], ["--json", "--", "-photo.jpg"]])
def test_a_name_that_begins_with_a_dash_is_examined(photo, tmp_path, monkeypatch, capfdbinary, words):
    monkeypatch.chdir(tmp_path)
    write_jpeg(tmp_path / "-photo.jpg")
    assert run(*words) == 0
    assert words[-1].encode() in capfdbinary.readouterr().out


def test_json_is_one_document_on_standard_output_and_nothing_else(photo, capfdbinary):
    broken = Path(photo).with_name("broken.jpg")
    broken.touch()
    assert run(photo, photo, broken, "--json", "--lang", "en") == 3
    shown = capfdbinary.readouterr()
    document = json.loads(shown.out)
    jsonschema.Draft202012Validator(schema()).validate(document)
    assert [exhibit["path"] for exhibit in document["exhibits"]] == [photo, photo, str(broken)]
    assert document["exhibits"][0]["findings"][0]["mask"] is None
    assert f"warning: {broken}: The file is empty.".encode() in shown.err
    assert b"byte for byte the same file" in shown.err


def test_a_report_folder_is_written_and_its_page_named(photo, tmp_path, capsys):
    folder = tmp_path / "报告"
    assert run(photo, "--report", folder, "--lang", "en") == 0
    assert f"Report page: {folder / 'index.html'}" in capsys.readouterr().out
    assert 'data-lang="en"' in (folder / "index.html").read_text(encoding="utf-8")


def test_who_examined_stands_in_the_document(photo, capfdbinary):
    assert run(photo, "--examined-by", "某店售后", "--json") == 0
    assert json.loads(capfdbinary.readouterr().out)["examined_by"] == "某店售后"


def test_json_and_a_folder_show_the_same_document(photo, tmp_path, capfdbinary):
    run(photo, "--report", tmp_path / "report", "--json")
    assert (tmp_path / "report" / "report.json").read_bytes() == capfdbinary.readouterr().out


@pytest.mark.parametrize("arguments", [["--known"], []])
def test_an_unreadable_photo_or_known_picture_is_status_3(photo, tmp_path, arguments, capsys):
    (tmp_path / "broken.jpg").touch()
    assert run(photo, *arguments, tmp_path / "broken.jpg") == 3
    assert "[" in capsys.readouterr().out


def test_an_unreadable_known_picture_is_named_on_standard_error(photo, tmp_path, capsys):
    broken = tmp_path / "broken.jpg"
    broken.touch()
    run(photo, "--known", broken, "--lang", "zh")
    assert f"已知图片“{broken}”：文件是空的，没有内容。" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["nosuch.jpg"], ["--known", "nosuch.jpg"], ["--order", "nosuch.jpg"]])
def test_a_path_that_names_nothing_is_wrong_usage_and_nothing_is_written(photo, tmp_path, words, capsys):
    assert run(photo, *words, "--report", tmp_path / "report", "--lang", "zh") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        "bixie: 没有这个文件或文件夹：“nosuch.jpg”。请检查名称；名称里有空格时请加引号。这次没有检验。\n"
    )
    assert not (tmp_path / "report").exists()


def test_a_photo_that_went_to_the_known_pictures_is_named(photo, capsys):
    with pytest.raises(SystemExit) as caught:
        run("--known", "shop", photo, "--lang", "zh")
    assert caught.value.code == 2
    assert f"没有给出售后照片：“shop”、“{photo}”都被 --known 当作对照图片了" in capsys.readouterr().err


def test_photos_after_two_dashes_do_not_go_to_the_known_pictures(photo, capsys):
    assert run("--known", photo, "--", photo) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--archive", "pictures"], "--archive is not available in this version"),
        (["--order", str(Path(__file__).parent)], "cannot be read"),
        (["--report", __file__], "is not one"),
        (["--report", ""], "is not one"),
    ],
)
def test_what_cannot_be_done_is_wrong_usage_with_a_sentence(photo, arguments, said, capsys):
    assert run(photo, *arguments, "--lang", "en") == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_a_wrong_order_names_its_key(photo, tmp_path, capsys):
    order = tmp_path / "order.json"
    order.write_text('{"claimed_at": "soon"}', encoding="utf-8")
    assert run(photo, "--order", order, "--lang", "zh") == 2
    assert "“claimed_at”" in capsys.readouterr().err


def test_a_wrong_setting_is_said_in_a_sentence(photo, monkeypatch, capsys):
    monkeypatch.setenv("BIXIE_LIMIT_PIXELS", "many")
    assert run(photo, "--lang", "en") == 2
    assert "BIXIE_LIMIT_PIXELS" in capsys.readouterr().err
