"""Answers are coded: an unknown code is refused, and so is one without what it asks for."""

import pytest

from bixie.cases.claims.answers import (
    check_appeal,
    check_asks,
    check_decision,
    check_more_time,
    check_rejection,
    check_supplement,
)
from bixie.cases.claims.drafts import DraftExhibit
from bixie.cases.claims.errors import ClaimError
from bixie.cases.claims.loading import claim_options

OPTIONS = claim_options()


def picture(number, role="damage", media_type="image/jpeg"):
    return DraftExhibit(f"exhibit_{number}", role, media_type, f"{number:064x}")


def code_of(check, *given):
    with pytest.raises(ClaimError) as caught:
        check(*given, OPTIONS)
    return caught.value.code.removeprefix("claims.")


def test_a_rejection_has_what_its_reason_asks_for():
    check_rejection("buyer_damage", "", 1, OPTIONS)
    check_rejection("no_defect_found", "看不出裂纹", 0, OPTIONS)
    assert code_of(check_rejection, "buyer_damage", "", 0) == "picture_missing"
    assert code_of(check_rejection, "no_defect_found", " ", 0) == "text_missing"
    assert code_of(check_rejection, "no_defect", "", 1) == "no_such_code"
    # Goods that have not come back are found missing at the inspection, not when a claim is answered.
    assert code_of(check_rejection, "not_received_back", "x", 1) == "no_such_code"


def test_reasons_of_appeals_and_of_more_time_are_coded():
    check_appeal("new_evidence", "", OPTIONS)
    assert code_of(check_appeal, "other", "") == "text_missing"
    assert code_of(check_appeal, "unhappy", "") == "no_such_code"
    check_more_time("checking_warehouse", "merchant", OPTIONS)
    assert code_of(check_more_time, "checking_warehouse", "buyer") == "no_such_code"


def test_a_ruling_is_explained_by_its_reasons():
    check_decision(["damage_shown", "partly_shown"], "refund", "", OPTIONS)
    check_decision(["damage_shown"], None, "", OPTIONS)
    assert code_of(check_decision, ["damage_shown"], "refuse", "") == "reason_of_other_outcome"
    assert code_of(check_decision, ["other"], "refund", "") == "text_missing"
    assert code_of(check_decision, ["because"], "refund", "") == "no_such_code"


def test_only_what_the_options_have_is_asked_for():
    check_asks(["another_angle", "code_on_paper"], OPTIONS)
    assert code_of(check_asks, ["passport"]) == "no_such_code"


def test_what_was_asked_for_and_is_not_there_is_named():
    asked = ("another_angle", "video")
    given = [picture(1, "angle"), picture(2, "damage")]
    assert check_supplement(asked, given, "", OPTIONS) == ("video",)
    video = picture(3, "damage", "video/mp4")
    assert check_supplement(asked, [*given, video], "", OPTIONS) == ()


def test_an_answer_without_the_code_on_paper_says_why():
    assert code_of(check_supplement, ("code_on_paper",), [], " ") == "answer_without_reason"
    assert check_supplement(("code_on_paper",), [], "商品不在身边", OPTIONS) == ("code_on_paper",)
    assert check_supplement(("code_on_paper",), [picture(1, "code")], "", OPTIONS) == ()
