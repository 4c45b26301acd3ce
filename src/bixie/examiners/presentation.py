"""How an examiner presents what it finds: its name, its words, its panel, and what its codes do to a verdict.

Every examiner brings one `Presentation` in its own folder or package. Report and page set it out and know no
examiner by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, TypeAlias

from bixie.kit.messages import Catalogue, Text, catalogue, is_bilingual

__all__ = ["MARK_REMOVED", "ORIGIN", "Effect", "Fact", "Panel", "Presentation", "Row", "Sign", "Topic"]

_WORDS = catalogue("bixie.examiners")
_OTHER_TOPICS = 1000


class Effect(Enum):
    """What a finding does to the verdict of its exhibit."""

    REFUTES = "refutes"
    SUSPECT = "suspect"
    SUPPORTS = "supports"
    BY_WEIGHT = "by weight"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact for a lay person: what it is about, and what was found.

    Parameters
    ----------
    name, value : Text
    """

    name: Text
    value: Text


Sign: TypeAlias = Literal["ring", "square", "diamond", "dashed"]
"""Shape beside the topic of a row."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a finding is about, in a word or two above it.

    Parameters
    ----------
    name : Text
    rank : int
        Rows of a panel stand in this order, lowest first, whichever examiners they are from.
    sign : {"ring", "square", "diamond", "dashed"}
    mark : bool
        Whether such a finding is a mark of the file's making; `Panel.without_marks` is shown when none is.
    """

    name: Text
    rank: int = _OTHER_TOPICS
    sign: Sign = "ring"
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """How the page sets out one finding. Nothing of it is in the document.

    Parameters
    ----------
    topic : Topic or None
        The examiner's name stands above the row where there is none.
    brief : Text or None
        A shorter sentence, where `Finding.explain` repeats the facts.
    facts : tuple of Fact
        Set out as a table below the sentence.
    remark : Text or None
        One line under the title of the file, for something weak that readers ask about first.
    """

    topic: Topic | None = None
    brief: Text | None = None
    facts: tuple[Fact, ...] = ()
    remark: Text | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page with a title of its own. Examiners that name the same panel share it.

    Parameters
    ----------
    key : str
        Panels with one key are one.
    title : Text
    without_marks : Text or None
        What to say where no row is a mark. A panel without it is left out when it has nothing to show.
    """

    key: str
    title: Text
    without_marks: Text | None = None


ORIGIN = Panel("origin", _WORDS.text("panel.origin"), _WORDS.text("panel.origin.without_marks"))
"""“Where this file comes from”: what the file itself says of its making."""

MARK_REMOVED = Topic(_WORDS.text("topic.removed"), rank=30, sign="dashed", mark=True)
"""Remains of a mark that was cut or blanked."""


@dataclass(frozen=True, slots=True, eq=False)
class Presentation:
    """What an examiner brings for report and page.

    Parameters
    ----------
    words : Catalogue
        ``examiner.name``: what a reader calls it. ``headline.VERDICT.CODE`` and ``meaning.VERDICT.CODE``: the
        sentences for an exhibit whose verdict rests on a finding with that code, or one below it.
        ``claim.VERDICT.CODE.one`` and ``.many``: the same for a claim, with ``{total}`` and ``{count}``.
        General words stand in for a missing sentence.
    effects : mapping of str to Effect
        By code; ``a.b.*`` stands for every code below ``a.b``. Read of Bixie's own examiners only: they are
        part of the examination contract. Findings of other packages count by weight, or inform.
    telling : tuple of str
        Codes that a reader wants to hear first where nothing decides, the most telling first.
    asks_for_photo : tuple of str
        Codes after which the buyer is asked for photos of the goods, though nothing speaks against the file.
    panel : Panel or None
        Where the findings stand; None for “What was found”.

    Raises
    ------
    TypeError
        If a field has the wrong type, or a text lacks a language.
    ValueError
        If the name is missing, or a sentence for the report asks for values that it is not given.
    """

    words: Catalogue
    effects: Mapping[str, Effect] = field(default_factory=dict)
    telling: tuple[str, ...] = ()
    asks_for_photo: tuple[str, ...] = ()
    panel: Panel | None = None

    def __post_init__(self) -> None:
        _check_types(self)
        if "examiner.name" not in self.words.sentences:
            raise ValueError("the words lack examiner.name")
        for key in self.words.sentences:
            values = {"total": 2, "count": 1} if key.startswith("claim.") else {}
            if key.startswith(("examiner.", "headline.", "meaning.", "claim.")):
                try:
                    self.words.text(key, **values)
                except (LookupError, ValueError, AttributeError, TypeError) as error:
                    raise ValueError(f"the sentence {key} cannot be filled in: {error!r}") from error

    @classmethod
    def unnamed(cls, examiner: str) -> "Presentation":
        """Return the presentation of an examiner that brings none: its name, made readable."""
        name = examiner.replace("_", " ").strip().capitalize() or examiner
        return cls(Catalogue({"examiner.name": Text(en=name, zh=name)}))

    @property
    def name(self) -> Text:
        """What a reader calls the examiner."""
        return self.words.text("examiner.name")

    def sentence(self, key: str, **values: object) -> Text | None:
        """Return a sentence for the report, or None where the examiner has none under `key`."""
        return self.words.text(key, **values) if key in self.words.sentences else None


def _check_types(presentation: Presentation) -> None:
    """Raise TypeError for a field that report or page could not use."""
    fields = {
        "words": _are_words(presentation.words),
        "effects": _are_effects(presentation.effects),
        "telling": _are_codes(presentation.telling),
        "asks_for_photo": _are_codes(presentation.asks_for_photo),
        "panel": presentation.panel is None or _is_panel(presentation.panel),
    }
    wrong = [name for name, right in fields.items() if not right]
    if wrong:
        raise TypeError(f"the presentation has the wrong type in {', '.join(wrong)}")


def _are_words(words: Any) -> bool:
    return (
        isinstance(words, Catalogue)
        and isinstance(words.sentences, dict)
        and all(isinstance(key, str) and is_bilingual(text) for key, text in words.sentences.items())
    )


def _are_effects(effects: Any) -> bool:
    return isinstance(effects, Mapping) and all(
        isinstance(code, str) and isinstance(effect, Effect) for code, effect in effects.items()
    )


def _are_codes(codes: Any) -> bool:
    return isinstance(codes, tuple | list) and all(isinstance(code, str) for code in codes)


def _is_panel(panel: Any) -> bool:
    return (
        isinstance(panel, Panel)
        and isinstance(panel.key, str)
        and is_bilingual(panel.title)
        and (panel.without_marks is None or is_bilingual(panel.without_marks))
    )
