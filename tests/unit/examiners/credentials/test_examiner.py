"""Content Credentials: three separate answers, and codes no stronger than the answers allow (ADR 6)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.makers.imaging import FILES
from tests.makers.signing import IPTC, action, authority, picture, signed, video

from bixie.examiners.credentials import examiner, trust
from bixie.examiners.credentials.examiner import EXAMINER
from bixie.examiners.effects import effect_of
from bixie.examiners.fusion import fuse_exhibit
from bixie.examiners.presentation import Effect
from bixie.examiners.protocol import Container, Context
from bixie.examiners.results import Grade, NotApplicable, Verdict
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk

GENERATED = action("c2pa.created", "trainedAlgorithmicMedia")
CAPTURED = action("c2pa.created", "digitalCapture")
OPENED = action("c2pa.opened")


def statements(data, name="photo.jpg"):
    source = source_from_bytes(name, data)
    return list(EXAMINER.examine_container(Container(name, source, walk(source, Limits())), Context()))


def finding(data, name="photo.jpg"):
    (only,) = statements(data, name)
    return only


def answers(one):
    return tuple(one.data[key] for key in ("signature", "signer", "binding"))


@pytest.fixture
def trusting(tmp_path, monkeypatch):
    """The test authority is on the trust list."""
    path = tmp_path / "list.toml"
    anchors = authority()[0].decode()
    path.write_text(f'dated = 2026-11-01\nsource = "test"\nanchors = """\n{anchors}"""\n', encoding="utf-8")
    monkeypatch.setenv(trust.SETTING, str(path))


@pytest.mark.usefixtures("trusting")
def test_a_trusted_signer_who_says_wholly_generated_refutes():
    one = finding(signed(GENERATED))
    assert (one.code, one.grade) == ("credentials.generated", Grade.CONCLUSIVE)
    assert answers(one) == ("valid", "trusted", "intact")
    assert one.data["trust_list_dated"] == "2026-11-01"
    assert fuse_exhibit([one])[0] is Verdict.REFUTED


def test_the_same_words_of_a_signer_on_no_list_only_make_suspect():
    one = finding(signed(GENERATED))
    assert (one.code, one.grade) == ("credentials.generated", Grade.STATISTICAL)
    assert answers(one) == ("valid", "untrusted", "intact")
    assert fuse_exhibit([one])[0] is Verdict.SUSPECT


@pytest.mark.usefixtures("trusting")
def test_a_signer_of_another_authority_is_untrusted_and_cannot_refute(monkeypatch):
    authority.cache_clear()  # the list keeps the authority of before
    one = finding(signed(GENERATED))
    assert answers(one) == ("valid", "untrusted", "intact")
    assert effect_of(one) is Effect.BY_WEIGHT


@pytest.mark.usefixtures("trusting")
def test_a_broken_binding_gives_no_word_on_origin_even_by_a_trusted_signer():
    data = bytearray(signed(GENERATED))
    data[-20] ^= 1
    one = finding(bytes(data))
    assert (one.code, one.grade) == ("credentials.broken", Grade.STATISTICAL)
    assert one.data["signature"] == "valid"
    assert one.data["binding"] == "broken"
    assert fuse_exhibit([one])[0] is Verdict.INCONCLUSIVE


def test_a_changed_assertion_breaks_the_binding():
    data = signed(GENERATED)
    one = finding(data.replace(b"trainedAlgorithmicMedia", b"trainedAlgorithmicMedib"))
    assert one.code == "credentials.broken"


def test_a_changed_signature_is_invalid():
    data = signed(CAPTURED)
    place = data.rindex(b"c2pa.signature") + 2000
    one = finding(data[:place] + bytes(64) + data[place + 64 :])
    assert one.code == "credentials.broken"


@pytest.mark.parametrize(
    "edit",
    [
        action("c2pa.edited", "compositeWithTrainedAlgorithmicMedia"),
        action("c2pa.placed", "compositeSynthetic"),
        action("c2pa.edited", **{"com.adobe.digitalSourceType": IPTC + "trainedAlgorithmicMedia"}),
    ],
)
def test_generative_actions_and_vendor_keys_are_ai_edits(edit):
    one = finding(signed(OPENED, edit))
    assert (one.code, one.grade) == ("credentials.ai_edited", Grade.CONCLUSIVE)
    assert one.data["ai_marks"]
    assert fuse_exhibit([one])[0] is Verdict.SUSPECT


def test_an_ingredient_made_by_ai_is_an_ai_edit():
    ingredient = {"title": "part", "relationship": "componentOf"}, signed(GENERATED, data=picture(seed=2))
    one = finding(signed(CAPTURED, ingredients=[ingredient]))
    assert one.code == "credentials.ai_edited"
    assert {mark["place"] for mark in one.data["ai_marks"]} == {"ingredient"}


def test_an_ingredient_whose_own_credential_is_broken_tells_nothing():
    data = bytearray(signed(GENERATED, data=picture(seed=2)))
    data[-20] ^= 1
    one = finding(
        signed(CAPTURED, ingredients=[({"title": "x", "relationship": "componentOf"}, bytes(data))])
    )
    assert one.data["ai_marks"] == []


@pytest.mark.parametrize(
    "source", ["algorithmicMedia", "trainedAlgorithmicMediaX", "digitalArt", "composite"]
)
def test_what_is_not_generative_ai_is_present_and_moves_nothing(source):
    one = finding(signed(action("c2pa.created", source)))
    assert (one.code, one.grade, one.strength_bits) == ("credentials.present", Grade.INFORMATIVE, 0.0)


def test_an_ordinary_crop_is_no_generative_edit():
    one = finding(signed(OPENED, action("c2pa.cropped"), action("c2pa.resized")))
    assert one.code == "credentials.present"
    assert [entry["action"] for entry in one.data["actions"]][:2] == ["c2pa.opened", "c2pa.cropped"]


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("more", [(), (action("c2pa.cropped"),)])
def test_a_capture_of_a_trusted_signer_supports(more):
    one = finding(signed(CAPTURED, *more))
    assert (one.code, one.grade) == ("credentials.camera_capture", Grade.CONCLUSIVE)
    assert one.strength_bits < 0
    assert fuse_exhibit([one])[0] is Verdict.SUPPORTED


@pytest.mark.usefixtures("trusting")
def test_a_capture_with_an_edit_of_unknown_extent_does_not_support():
    assert finding(signed(CAPTURED, action("c2pa.edited"))).code == "credentials.present"


def test_a_capture_that_anybody_could_have_signed_supports_nothing():
    one = finding(signed(CAPTURED))
    assert (one.code, one.grade, one.strength_bits) == ("credentials.camera_capture", Grade.INFORMATIVE, 0.0)


@pytest.mark.parametrize(
    ("form", "media_type", "name"),
    [
        ("JPEG", "image/jpeg", "a.jpg"),
        ("PNG", "image/png", "a.png"),
        ("WEBP", "image/webp", "a.webp"),
        ("TIFF", "image/tiff", "a.tiff"),
        ("GIF", "image/gif", "a.gif"),
        ("AVIF", "image/avif", "a.avif"),
    ],
)
def test_every_format_that_can_carry_one_is_read(form, media_type, name):
    one = finding(signed(GENERATED, data=picture(form), media_type=media_type), name)
    assert one.code == "credentials.generated"
    assert answers(one) == ("valid", "untrusted", "intact")


def test_heic_is_read_too():
    heic = (FILES / "turned.heic").read_bytes()
    one = finding(signed(GENERATED, data=heic, media_type="image/heic"), "a.heic")
    assert answers(one) == ("valid", "untrusted", "intact")


def test_a_video_is_read_and_its_broken_binding_seen():
    data = bytearray(signed(GENERATED, data=video(), media_type="video/mp4"))
    assert finding(bytes(data), "a.mp4").code == "credentials.generated"
    data[-30] ^= 1
    assert finding(bytes(data), "a.mp4").data["binding"] == "broken"


def test_threads_that_read_at_the_same_time_get_each_its_own_answer():
    files = [signed(GENERATED), signed(OPENED)]
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda number: finding(files[number % 2]).code, range(60)))
    assert codes == ["credentials.generated", "credentials.present"] * 30


def test_a_file_without_one_says_nothing_and_why():
    (one,) = statements(picture())
    assert isinstance(one, NotApplicable)
    (other,) = statements(picture("BMP"), "a.bmp")
    assert one.reason != other.reason


def test_names_in_a_credential_are_shortened_and_cleaned():
    from bixie.examiners.credentials.claims import claims_of
    from bixie.examiners.credentials.manifest_store import ManifestStore

    active = {"claim_generator": "a\n\u202eb\x00" + "x" * 500, "signature_info": {"issuer": ["no", "text"]}}
    claims = claims_of(
        ManifestStore("Valid", {"active_manifest": "m", "manifests": {"m": active}}), trust.TrustLists(())
    )
    assert claims.generator.startswith("a b x")
    assert len(claims.generator) == 80
    assert claims.issuer is None


def test_no_serial_number_of_a_certificate_travels_into_the_report():
    assert not any("serial" in key for key in finding(signed(CAPTURED)).data)


def _listed(kind, vouches, uri="bixie:test"):
    """Return lists with the test authority on one of them."""
    anchors = authority()[0].decode()
    one = trust.TrustList("test", kind, vouches, uri, "2026-11-01", "2026-11-30", "test", anchors)
    return trust.TrustLists((one, *(each for each in trust.trust_lists({}).lists if kind == "tsa")))


def test_a_list_of_time_stamp_authorities_vouches_for_no_signer(monkeypatch):
    """The library calls such a signer trusted."""
    monkeypatch.setattr(examiner, "trust_lists", lambda: _listed("tsa", vouches=False))
    one = finding(signed(GENERATED))
    assert answers(one) == ("valid", "untrusted", "intact")
    assert fuse_exhibit([one])[0] is Verdict.SUSPECT


def test_a_signer_on_the_interim_list_only_is_told_and_refutes_nothing(monkeypatch):
    monkeypatch.setattr(examiner, "trust_lists", lambda: _listed("manifest", vouches=False))
    generated, captured = finding(signed(GENERATED)), finding(signed(CAPTURED))
    assert answers(generated) == ("valid", "interim", "intact")
    assert "过渡名单" in generated.explain.zh
    assert "过渡名单" in captured.explain.zh
    assert [fuse_exhibit([one])[0] for one in (generated, captured)] == [
        Verdict.SUSPECT,
        Verdict.INCONCLUSIVE,
    ]


@pytest.mark.parametrize(("day", "said"), [(30, False), (31, True)])
def test_a_list_past_its_next_update_is_named_in_the_limits_and_changes_no_verdict(monkeypatch, day, said):
    monkeypatch.setattr(examiner, "trust_lists", lambda: _listed("manifest", vouches=True))
    now = datetime(2026, 10, 31, tzinfo=UTC) + timedelta(days=day)
    monkeypatch.setattr(examiner, "EXAMINER", replace(EXAMINER, clock=lambda: now))
    source = source_from_bytes("a.jpg", signed(GENERATED))
    (one,) = examiner.EXAMINER.examine_container(
        Container("a.jpg", source, walk(source, Limits())), Context()
    )
    assert ("2026-11-30" in one.limits.zh) is said
    assert fuse_exhibit([one])[0] is Verdict.REFUTED
