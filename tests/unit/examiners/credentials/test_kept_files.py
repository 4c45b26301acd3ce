"""Kept files with credentials: each of the four answers, and what follows from them."""

from pathlib import Path

import pytest

from bixie.examiners.credentials.trust import SETTING
from bixie.report.examination import examine

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "credentials"
HELD = {"signature": "valid", "profile": "fits", "binding": "intact"}


def said(name, monkeypatch, trusted=None):
    monkeypatch.setenv(SETTING, str(FIXTURES / f"c2pa_trusted_{trusted}.toml") if trusted else "")
    (exhibit,) = examine([FIXTURES / f"c2pa_{name}.jpg"]).to_dict()["exhibits"]
    (finding,) = [one for one in exhibit["findings"] if one["examiner"] == "credentials"]
    return finding, exhibit["verdict"]


@pytest.mark.parametrize("purpose", ["c2pa", "docsign", "email"])
def test_a_certificate_for_another_purpose_breaks_no_signature(monkeypatch, purpose):
    finding, verdict = said(f"generated_eku_{purpose}", monkeypatch)
    assert (finding["code"], finding["grade"], verdict) == ("credentials.generated", "statistical", "suspect")
    assert {key: finding["data"][key] for key in HELD} == HELD
    assert finding["data"]["signer"] == "untrusted"


@pytest.mark.parametrize(
    ("name", "code", "wanted"),
    [
        ("trusted_generated_eku_c2pa", "generated", "refuted"),
        ("trusted_capture_eku_c2pa", "camera_capture", "supported"),
        ("trusted_computational_eku_email", "camera_capture", "supported"),
    ],
)
def test_a_signer_on_the_list_counts_whatever_its_purpose(monkeypatch, name, code, wanted):
    finding, verdict = said(name, monkeypatch, trusted=name.partition("_")[2].partition("_")[2])
    assert (finding["code"], verdict) == (f"credentials.{code}", wanted)
    assert {key: finding["data"][key] for key in HELD} == HELD
    assert finding["data"]["signer"] == "trusted"


def test_a_generated_picture_that_was_only_converted_since_is_still_generated(monkeypatch):
    finding, _ = said("generated_then_converted_two_manifests", monkeypatch)
    assert finding["code"] == "credentials.generated"


def test_a_captures_credential_that_its_phone_broke_says_what_blanks_the_place(monkeypatch):
    finding, verdict = said("camera_signed_android_redacted", monkeypatch)
    assert (finding["code"], finding["data"]["binding"]) == ("credentials.broken", "broken")
    assert finding["data"]["signature"] == "valid"
    assert "安卓" in finding["limits"]["zh"]
    assert verdict == "inconclusive"
    assert said("camera_signed", monkeypatch)[0]["code"] == "credentials.camera_capture"


def test_an_ai_service_that_is_only_named_counts_by_weight(monkeypatch):
    finding, verdict = said("ai_in_description_only", monkeypatch)
    assert (finding["code"], finding["grade"]) == ("credentials.ai_edited", "statistical")
    assert finding["data"]["ai_service"] == "Image Creator from Designer"
    assert verdict == "inconclusive"
