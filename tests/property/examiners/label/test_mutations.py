"""Files of the matrix with some bytes changed: always read, within bounds, in plain and short words."""

import json
import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.makers.labels.corpus import CORPUS
from tests.makers.labels.examining import read, said
from tests.property.changes import mutated

from bixie.examiners.fusion import MAX_BITS, fuse_exhibit
from bixie.examiners.label.aigc import find_label
from bixie.examiners.label.fields import Field
from bixie.examiners.label.grading import LabelGrade, grade
from bixie.examiners.label.xmp import read_packet
from bixie.examiners.validation import validated
from bixie.imaging.errors import ImagingError
from bixie.kit.sanitise import MAX_VALUE_LENGTH, sanitise

bounded = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
place = st.one_of(st.integers(0, 300), st.integers(0, 1 << 14))
piece = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from((b"\0" * 40, b" " * 90, b'"', b"}", b"<", b"\xff\xff\xff\xff", b"AIGC{", b"&quot;")),
)
names = st.sampled_from(sorted(CORPUS))
changed_files = mutated(lambda: CORPUS, place, piece)


@bounded
@given(changed_files)
def test_a_changed_file_is_read_in_plain_and_short_words(data):
    try:
        findings = read(data)
    except ImagingError as refusal:
        assert refusal.code == "imaging.unknown_format"  # noqa: PT017
        return
    validated(findings)
    assert -MAX_BITS <= fuse_exhibit(findings)[1] <= MAX_BITS
    text = json.dumps([one.data for one in findings], ensure_ascii=False)
    sentences = "".join(one.explain.en + one.explain.zh for one in findings)
    assert len(text) < 40 * 20_000
    assert not [c for c in text + sentences if unicodedata.category(c) in ("Cc", "Cf", "Cs")]


@bounded
@given(changed_files)
def test_the_same_bytes_give_the_same_findings(data):
    try:
        first, second = read(data), read(data)
    except ImagingError:
        return
    assert [(one.code, one.data) for one in first] == [(one.code, one.data) for one in second]


@bounded
@given(names, st.binary(max_size=200))
def test_bytes_behind_a_marked_file_never_hide_its_mark(name, tail):
    marks = {code for code in said(CORPUS[name]) if not code.startswith("label.removed")}
    families = {code.rsplit(".", 1)[0] for code in marks}
    after = {code.rsplit(".", 1)[0] for code in said(CORPUS[name] + tail)}
    assert families <= after


@bounded
@given(st.text(max_size=400), st.sampled_from(("AIGC", "Comment", "UserComment")))
def test_any_text_is_a_label_that_can_be_graded_or_none(text, key):
    label = find_label(Field("png.text", key, text, "tEXt", 0))
    if label is not None:
        result, violations = grade(label, 1)
        assert (result is LabelGrade.COMPLIANT) == (bool(label.meaning) and not violations)


@bounded
@given(st.text(alphabet="<>/=\"' \n&;:abAIGC{}\0!?-[]", max_size=300))
def test_any_text_is_read_as_xmp(text):
    packet = read_packet(text, 50)
    assert packet.tags <= 50 + 1


@bounded
@given(st.text(max_size=600))
def test_what_is_shown_is_one_short_clean_line(text):
    line = sanitise(text)
    assert len(line) <= MAX_VALUE_LENGTH
    assert line == " ".join(line.split())
    assert not [letter for letter in line if unicodedata.category(letter) in ("Cc", "Cf", "Cs")]
