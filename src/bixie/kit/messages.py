"""Sentences in Chinese and English.

Each room keeps its sentences in a ``messages.toml`` beside its code: one table for each key, with ``en`` and
``zh``. A `Catalogue` reads the file and fills in the values.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

__all__ = ["Catalogue", "Language", "Text", "catalogue", "is_bilingual"]

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages.

    Parameters
    ----------
    en, zh : str
        The same statement in English and in Simplified Chinese.
    """

    en: str
    zh: str

    def in_(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en

    def to_dict(self) -> dict[str, str]:
        """Return ``{"en": …, "zh": …}`` as the report document wants it."""
        return {"en": self.en, "zh": self.zh}


def is_bilingual(value: object) -> bool:
    """Return whether `value` is a `Text` that says something in both languages."""
    return isinstance(value, Text) and all(isinstance(one, str) and one for one in (value.en, value.zh))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one room.

    Parameters
    ----------
    sentences : dict of str to Text
        Templates in `str.format` syntax, by key.
    """

    sentences: dict[str, Text]

    def text(self, key: str, **values: object) -> Text:
        """Return the sentence `key` with `values` filled in, values of type `Text` by language.

        Raises
        ------
        KeyError
            If the key or a value is missing, which is a bug of the caller.
        """
        template = self.sentences[key]
        en, zh = ({name: _localised(value, language) for name, value in values.items()} for language in _BOTH)
        return Text(en=template.en.format(**en), zh=template.zh.format(**zh))


_BOTH: tuple[Language, ...] = ("en", "zh")


def _localised(value: object, language: Language) -> object:
    return value.in_(language) if isinstance(value, Text) else value


@cache
def catalogue(package: str) -> Catalogue:
    """Return the catalogue of `package`, read once from its ``messages.toml``."""
    source = resources.files(package).joinpath("messages.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(source)
    return Catalogue({key: Text(en=table["en"], zh=table["zh"]) for key, table in tables.items()})
