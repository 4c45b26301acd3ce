"""The stories of the demo hold together: every stage, every text in both languages, every photo, in order."""

from dataclasses import fields
from importlib import resources

import pytest

from bixie.assembly.demo import story
from bixie.assembly.demo.seeding import FIRST, STORIES
from bixie.assembly.demo.story import Photo
from bixie.cases.claims.loading import claim_options
from bixie.cases.words import Service, Status
from bixie.kit.messages import catalogue

TEXTS = catalogue("bixie.assembly.demo").sentences
PICTURES = resources.files("bixie.assembly.demo") / "pictures"


def steps(kind):
    return [timed.step for told in STORIES for timed in told.steps if isinstance(timed.step, kind)]


def photos(told):
    for timed in told.steps:
        for name in ("photos", "photo"):
            value = getattr(timed.step, name, None) or ()
            yield from (value,) if isinstance(value, Photo) else value


def test_a_case_stands_at_every_stage_and_for_every_service():
    assert {told.ends for told in STORIES} == set(Status)
    assert {step.service for step in steps(story.File)} == set(Service)
    assert len(STORIES) >= 14


def test_honest_and_other_photos_are_shown_and_the_honest_ones_are_more():
    verdicts = [verdict for told in STORIES for verdict in told.verdicts.values()]
    assert set(verdicts) == {"inconclusive", "suspect", "refuted"}
    assert verdicts.count("inconclusive") > len(verdicts) / 2


@pytest.mark.parametrize("told", STORIES, ids=lambda told: told.key)
def test_a_story_goes_forward_in_time_and_its_texts_and_photos_are_there(told):
    order = told.order
    times = [order.ordered, order.delivered, *(timed.before for timed in told.steps)]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == len(times)
    assert times[0] < FIRST
    assert times[-1].total_seconds() > 0
    for timed in told.steps:
        if getattr(timed.step, "text", None):
            text = TEXTS[f"{told.key}.{timed.step.text}"]
            assert max(len(text.zh), len(text.en)) <= claim_options().limits.text_characters
    files = {photo.file for photo in photos(told)} | {order.goods.listing, order.packing} - {None}
    assert all((PICTURES / file).is_file() for file in files)
    assert set(told.verdicts) <= files


def test_codes_are_those_that_a_claim_may_have():
    options = claim_options()

    def keys(section):
        return {one.key for one in getattr(options, section)}

    assert {step.reason for step in steps(story.File)} <= keys("reasons")
    assert {step.reason for step in steps(story.Reject)} <= keys("reject_reasons")
    assert {step.reason for step in steps(story.Decide)} <= keys("decision_reasons")
    assert {step.reason for step in steps(story.Appeal)} <= keys("appeal_reasons")
    assert {ask for step in steps(story.Ask) for ask in step.asks} <= keys("asks")
    assert {photo.role for told in STORIES for photo in photos(told)} <= keys("roles")


def test_every_text_is_used():
    used = {f"{told.key}.{timed.step.text}" for told in STORIES for timed in told.steps if _text(timed.step)}
    about_cases = {key for key in TEXTS if key.split(".")[0] in {told.key for told in STORIES}}
    assert about_cases == used


def test_every_kind_of_step_is_told():
    kinds = {type(timed.step) for told in STORIES for timed in told.steps}
    assert kinds == set(story.Step.__args__)


def _text(step):
    return getattr(step, "text", None) if "text" in {one.name for one in fields(step)} else None
