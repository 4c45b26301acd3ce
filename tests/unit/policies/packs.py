"""Packs for tests: Bixie's own, and changes of it."""

from importlib import resources

from bixie.policies import PackError
from bixie.policies.checking import Vocabulary
from bixie.policies.loading import check_pack

OWN = resources.files("bixie.policies").joinpath("packs", "cn-default.yaml").read_text(encoding="utf-8")


RULES = OWN[: OWN.index("\ngolden:")] + "\ngolden: []\n"
"""Our own pack without its golden cases, which changed rules would fail."""
ANY = Vocabulary()


def line_of(text, part):
    """Return the line, from 1, on which `part` begins."""
    return text[: text.index(part)].count("\n") + 1


def changed(*pairs, text=OWN):
    """Return the text of a pack with each first text replaced by its second; each must be there."""
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def faults_of(text, vocabulary=ANY):
    """Return the code and the line of every fault that the whole check finds."""
    try:
        check_pack(text.encode(), "pack.yaml", vocabulary)
    except PackError as error:
        return [(fault.code, fault.line) for fault in error.faults]
    return []
