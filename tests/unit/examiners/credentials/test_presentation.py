"""How Content Credentials stand on the page."""

from dataclasses import replace

import pytest

from bixie.examiners.credentials.claims import Action, Claims, Mark
from bixie.examiners.credentials.presentation import row_of_claims, row_of_unread

ACTIONS = (
    Action("c2pa.created", "trainedAlgorithmicMedia"),
    Action("c2pa.cropped", None),
    Action("vendor.special", None),
)
CLAIMS = Claims(
    state="Valid",
    signature="valid",
    profile="fits",
    signer="not_checked",
    binding="intact",
    failures=(),
    actions=ACTIONS,
    origin=ACTIONS,
    marks=(Mark("action", "trainedAlgorithmicMedia"), Mark("action", "compositeSynthetic")),
    generator="Example Draw/1.0",
    issuer="Example CA",
    signed_at="2026-11-01T08:00:00+00:00",
    ingredients=0,
)


def facts(row):
    return {fact.name.en: fact.value.en for fact in row.facts}


def test_a_credential_gives_four_answers_and_actions_in_words():
    said = facts(row_of_claims("credentials.generated", CLAIMS))
    assert (said["Signature"], said["Certificate"]) == ("valid", "may sign credentials")
    assert said["Signer"] == "not checked: it may be anybody"
    assert said["Matches the file"] == "yes, unchanged since it was signed"
    assert said["What was done"] == "created (by generative AI), cropped, vendor.special"
    assert said["AI is named"] == "in the list of what was done"
    assert (said["Signed as"], said["Program"]) == ("Example CA", "Example Draw/1.0")
    assert said["Signed at"] == "2026-11-01 08:00:00+00:00"


@pytest.mark.parametrize("kind", ["generated", "ai_edited", "camera_capture", "present"])
def test_a_credential_that_was_read_has_a_short_sentence(kind):
    row = row_of_claims(f"credentials.{kind}", CLAIMS)
    assert row.topic.name.en == "Content Credentials"
    assert row.brief.en


def test_a_credential_that_was_not_read_keeps_its_own_sentence():
    row = row_of_unread(taken_out=False)
    assert (row.brief, row.topic.name.en) == (None, "Content Credentials")
    assert facts(row)["Signature"] == "could not be checked"


def test_a_credential_of_which_only_the_place_is_left_was_removed():
    assert row_of_unread(taken_out=True).topic.name.en == "Mark removed"


@pytest.mark.parametrize("bad", [{"signature": "invalid"}, {"binding": "broken"}])
def test_what_a_broken_credential_says_is_left_out(bad):
    row = row_of_claims("credentials.broken", replace(CLAIMS, **bad))
    assert set(facts(row)) == {"Signature", "Certificate", "Signer", "Matches the file"}
    assert row.brief is None
