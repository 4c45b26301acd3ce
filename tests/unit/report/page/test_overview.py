"""The files of a claim in order: the worst first, the usual case folded."""

from dataclasses import replace

from tests import made_up

from bixie.examiners.presentation import Row
from bixie.examiners.results import Verdict
from bixie.examiners.views import view
from bixie.kit.messages import Text
from bixie.report.page.model import MAX_THUMBNAILS, build_page
from bixie.report.page.render import render_page

OURS_AGAIN = made_up.exhibit("ours.jpg", Verdict.INCONCLUSIVE, (made_up.annotated(),))
SUSPECT = made_up.exhibit("suspect.jpg", Verdict.SUSPECT, (made_up.by_weight(7.5),))
SUPPORTED = made_up.exhibit("supported.jpg", Verdict.SUPPORTED, ())
MIXED = made_up.claim(
    made_up.honest("a.jpg"),
    SUPPORTED,
    OURS_AGAIN,
    made_up.unreadable("broken.jpg"),
    made_up.honest("b.jpg"),
    SUSPECT,
    made_up.exhibit("refuted.jpg"),
)


def test_the_worst_file_comes_first_and_keeps_its_number():
    page = build_page(MIXED)
    names = [card.result.path for card in page.exhibits]
    assert names == [
        "refuted.jpg",
        "suspect.jpg",
        "broken.jpg",
        "supported.jpg",
        "ours.jpg",
        "a.jpg",
        "b.jpg",
    ]
    assert [card.number for card in page.exhibits] == [7, 6, 4, 2, 3, 1, 5]


def test_files_of_which_there_is_nothing_to_say_are_folded():
    page = build_page(MIXED)
    assert [card.result.path for card in page.exhibits if card.folded] == ["a.jpg", "b.jpg"]


def test_a_file_that_is_cut_off_is_not_folded():
    cut_off = replace(made_up.honest(), warnings=(made_up.CONTRADICTED,))
    assert not any(card.folded for card in build_page(made_up.claim(cut_off, SUSPECT)).exhibits)


def test_the_only_file_is_never_folded():
    assert not build_page(made_up.claim(made_up.honest())).exhibits[0].folded


def test_the_files_are_counted_by_verdict():
    counts = [(one.verdict.value, one.files) for one in build_page(MIXED).counts]
    assert counts == [
        ("refuted", 1),
        ("suspect", 1),
        ("unreadable", 1),
        ("supported", 1),
        ("inconclusive", 3),
    ]


def test_a_weak_remark_stands_under_the_title_of_its_file():
    remark = Text(en="Weak clue: taken before.", zh="较弱的线索：拍得更早。")
    weak = made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=(made_up.edited(row=Row(remark=remark)),))
    page = render_page(made_up.claim(weak))
    assert page.index("<h1") < page.index("较弱的线索：拍得更早。") < page.index('class="exhibit"')
    several = render_page(made_up.claim(SUSPECT, weak))
    hero = several[several.index("<h1") : several.index('class="exhibit"')]
    assert 'href="#file-2"' in hero[hero.index('class="remark"') :]


def test_known_pictures_are_shown_up_to_a_number():
    small = view(made_up.picture(), 64)
    result = made_up.claim(made_up.exhibit())
    listing = replace(result.known[0], preview=small)
    known = tuple(replace(listing, path=f"{number}.jpg") for number in range(MAX_THUMBNAILS))
    rows = build_page(replace(result, known=(*known, listing))).known
    assert rows[0].path == "listing.jpg"
    assert [row.picture is not None for row in rows] == [True] * MAX_THUMBNAILS + [False]


def test_the_title_above_the_known_pictures_counts_those_that_were_compared():
    page = render_page(made_up.claim(made_up.exhibit()))
    assert "已与 1 张您的图片对照" in page
    broken = replace(made_up.claim(made_up.exhibit()).known[0], error=made_up.unreadable().error)
    assert "已与" not in render_page(replace(made_up.claim(made_up.exhibit()), known=(broken,)))
