"""Files by their names: what the page says of files holds no path of the machine."""

from dataclasses import replace

import pytest
from tests import made_up

from bixie.examiners.results import FileError
from bixie.kit.messages import Text
from bixie.report.page.names import display_names, with_names
from bixie.report.page.render import render_page

FOLDER = "/shares/售后"


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/a/b/one.jpg"], ["one.jpg"]),
        (["/a/one.jpg", "/b/one.jpg", "/b/two.jpg"], ["a/one.jpg", "b/one.jpg", "two.jpg"]),
        (["/x/a/one.jpg", "/y/a/one.jpg"], ["x/a/one.jpg", "y/a/one.jpg"]),
        (["one.jpg", "a/one.jpg"], ["one.jpg", "a/one.jpg"]),
        (["one.jpg", "one.jpg"], ["one.jpg"]),
        (["", "/"], ["", "/"]),
    ],
)
def test_a_file_is_called_by_as_much_of_its_path_as_tells_it_apart(paths, names):
    assert list(display_names(paths).values()) == names


def with_paths():
    path = f"{FOLDER}/listing.jpg"
    finding = made_up.edited(known=path, explain=Text(en=f"Made from “{path}”.", zh=f"由“{path}”改成。"))
    exhibit = replace(
        made_up.exhibit(f"{FOLDER}/claim.jpg", findings=(finding,)),
        warnings=(FileError("x.y", Text(en=f"{FOLDER}/claim.jpg is odd", zh=f"{FOLDER}/claim.jpg 有点怪")),),
    )
    result = made_up.claim(exhibit, made_up.honest(f"{FOLDER}/honest.jpg"))
    return replace(result, known=(replace(result.known[0], path=path),))


def test_sentences_say_the_name_of_the_file():
    result = with_names(with_paths())
    finding = result.exhibits[0].findings[0]
    assert (finding.known, result.known[0].path) == ("listing.jpg", "listing.jpg")
    assert finding.explain == Text(en="Made from “listing.jpg”.", zh="由“listing.jpg”改成。")
    assert result.exhibits[0].warnings[0].text.en == "claim.jpg is odd"


def test_a_path_of_the_machine_stands_in_the_technical_part_only():
    page = render_page(with_paths())
    body = page[page.index("<main") :]
    technical = body.split('<details class="technical">')
    open_parts = [technical[0], *(one.partition("</details>")[2] for one in technical[1:])]
    assert FOLDER in body
    assert [part for part in open_parts if FOLDER in part] == []
