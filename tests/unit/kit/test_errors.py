"""The error tree: a stable code for programs, a sentence for people, the values for both."""

import pytest

from bixie.kit.errors import BixieError, SettingError, UsageError


def test_an_error_carries_its_code_its_values_and_both_sentences():
    error = SettingError("setting.not_a_number", name="BIXIE_MAX_BYTES", value="many")
    assert error.code == "setting.not_a_number"
    assert error.values == {"name": "BIXIE_MAX_BYTES", "value": "many"}
    assert "BIXIE_MAX_BYTES" in error.text.en
    assert "BIXIE_MAX_BYTES" in error.text.zh


def test_a_traceback_shows_the_code_and_the_english_sentence():
    error = UsageError("usage.no_photo")
    assert str(error) == f"usage.no_photo: {error.text.en}"


def test_documents_get_code_and_sentences_and_nothing_else():
    assert set(UsageError("usage.no_photo").to_dict()) == {"code", "en", "zh"}


@pytest.mark.parametrize(("kind", "status"), [(UsageError, 400), (SettingError, 500)])
def test_every_refusal_is_caught_as_a_bixie_error_and_knows_its_status(kind, status):
    assert issubclass(kind, BixieError)
    assert kind.status == status


def test_a_code_without_a_sentence_cannot_be_raised():
    with pytest.raises(KeyError):
        UsageError("usage.never_written")
