"""What a clerk may write to the buyer: by verdict, and right for a buyer who did nothing wrong."""

import re

import pytest
from tests import made_up

from bixie.examiners.results import FileError, Verdict
from bixie.kit.messages import Text, catalogue
from bixie.report.buyer_message import buyer_message

MARKED = made_up.edited(
    examiner="label", code="label.generator.comfyui", known=None, regions=(), mask=None, strength_bits=6.0
)
CUT_OFF = (FileError("imaging.truncated", Text(en="Cut off.", zh="不完整。")),)


def suspect(finding):
    return made_up.exhibit(verdict=Verdict.SUSPECT, findings=(finding,))


@pytest.mark.parametrize(
    ("exhibits", "en", "zh"),
    [
        ([made_up.exhibit(), made_up.honest()], "a few more photos", "再补充几张照片"),
        ([suspect(made_up.by_weight(7.0))], "a few more photos", "再补充几张照片"),
        (
            [made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=(made_up.annotated(),))],
            "a few more",
            "几张",
        ),
        (
            [made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=(made_up.by_weight(0.0),))],
            "original files once more",
            "原图再发一次",
        ),
        ([suspect(MARKED), made_up.honest()], "original files once more", "原图再发一次"),
        (
            [made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=(), warnings=CUT_OFF)],
            "did not arrive in full",
            "没有传完整",
        ),
        ([made_up.unreadable()], "did not open", "没能打开"),
        ([made_up.unreadable(), made_up.honest()], "One of them did not open", "有的没能打开"),
        ([made_up.honest()], "have arrived", "已经收到"),
    ],
)
def test_it_asks_for_what_would_settle_the_claim(exhibits, en, zh):
    message = buyer_message(made_up.claim(*exhibits))
    assert en in message.en
    assert zh in message.zh


def test_it_never_says_what_was_found():
    sentences = catalogue("bixie.report").sentences
    texts = [text for key, text in sentences.items() if key.startswith("buyer_message.")]
    accusing = re.compile(r"edit|fake|forg|fraud|suspect|AI|refus|修改|改过|造假|伪造|假|嫌疑|拒绝|怀疑|举报")
    assert len(texts) == 6
    assert [text for text in texts if accusing.search(text.en + text.zh)] == []
