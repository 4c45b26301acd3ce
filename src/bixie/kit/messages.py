"""Sentences in Chinese and English.

Each room keeps its sentences in a ``messages.toml`` beside its code: one table for each key, with ``en`` and
``zh``. A `Catalogue` reads the file and fills in the values.
"""

import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

__all__ = ["Catalogue", "Language", "Text", "catalogue", "is_bilingual", "quoted_list"]

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


def quoted_list(names: Sequence[str]) -> Text:
    """Return `names` in quotes, in one row."""
    quoted = [f"“{name}”" for name in names]
    return Text(en=", ".join(quoted), zh="、".join(quoted))


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

        Where a value that begins or ends with a Latin letter or a digit meets a Chinese character, a blank is
        set between them: a template cannot know what its values begin with.

        Raises
        ------
        KeyError
            If the key or a value is missing, which is a bug of the caller.
        """
        template = self.sentences[key]
        if not values and not _BRACES & {*template.en, *template.zh}:
            return template  # most are names of something; a page has hundreds
        en, zh = ({name: _localised(value, language) for name, value in values.items()} for language in _BOTH)
        return Text(en=template.en.format(**en), zh=_SpacingFormatter().vformat(template.zh, (), zh))


class _SpacingFormatter(string.Formatter):
    """Fill in a Chinese template, with blanks between Chinese and Latin."""

    def vformat(self, format_string: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        filled = ""
        for literal, field, specification, conversion in self.parse(format_string):
            filled = _joined(filled, literal)
            if field is not None:
                value = self.convert_field(self.get_field(field, args, kwargs)[0], conversion)
                filled = _joined(filled, self.format_field(value, specification or ""))
        return filled


def _joined(before: str, after: str) -> str:
    return f"{before} {after}" if _MEETING.search(before[-1:] + after[:1]) else before + after


_HAN, _LATIN = "[\u4e00-\u9fff]", "[A-Za-z0-9]"
_MEETING = re.compile(f"{_HAN}{_LATIN}|{_LATIN}{_HAN}")

_BRACES = frozenset("{}")
_BOTH: tuple[Language, ...] = ("en", "zh")


def _localised(value: object, language: Language) -> object:
    return value.in_(language) if isinstance(value, Text) else value


@cache
def catalogue(package: str) -> Catalogue:
    """Return the catalogue of `package`, read once from its ``messages.toml``."""
    source = resources.files(package).joinpath("messages.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(source)
    return Catalogue({key: Text(en=table["en"], zh=table["zh"]) for key, table in tables.items()})
