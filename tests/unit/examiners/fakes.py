"""Examiners and findings that exist for the tests only."""

from dataclasses import dataclass, field
from typing import Any

from bixie.examiners.registry import Examiners
from bixie.examiners.results import Finding, Grade
from bixie.kit.messages import Text

SENTENCE = Text(en="a sentence", zh="一句话")


def finding(code="test.code", grade=Grade.STATISTICAL, strength_bits=1.0, **more):
    values = {"examiner": "test", "explain": SENTENCE, "limits": SENTENCE} | more
    return Finding(code=code, grade=grade, strength_bits=strength_bits, **values)


@dataclass
class PixelExaminer:
    """Says what it was made to say, and remembers what it was shown."""

    says: Any = ()
    name: str = "pixels"
    shown: list = field(default_factory=list)
    presentation: Any = None

    def examine(self, exhibit, context):
        self.shown.append((exhibit, context))
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@dataclass
class BytesExaminer:
    """The same for whole files."""

    says: Any = ()
    name: str = "bytes"
    shown: list = field(default_factory=list)

    def examine_container(self, container, context):
        self.shown.append((container, context))
        return self.says


def examiners(*every):
    return Examiners(every)
