"""The questions of the form: one for each fact that `bixie.law` assesses, and the facts that answers make."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from bixie.kit.messages import Text, catalogue
from bixie.law.facts_template import QUESTIONED
from bixie.law.provinces import PROVINCES

__all__ = ["GROUPS", "Group", "Question", "facts_of"]

Kind = Literal["answer", "day", "money", "number", "choice", "text"]
_LEFT_OUT = {"platform_auto_refund"}
"""`refund_decided_by` asks for the same in plainer words."""
_EXAMPLE = re.compile(r"[ ，]*(?:例如 ?)?[\"“][^\"”]*[\"”](?:.*)$|\bfalse 表示.*$|\bFalse: .*$")
"""What a question says about the file format: a form needs none of it."""
_MONEY = "amount_"
_ANSWERS: Mapping[str, bool] = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Parameters
    ----------
    name : str
        ``age``
    text : Text
    kind : str
    choices : sequence of (str, Text)
        Of a choice.
    """

    name: str
    text: Text
    kind: Kind
    choices: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one head.

    Parameters
    ----------
    name : str
    text : Text
    questions : sequence of Question
    """

    name: str
    text: Text
    questions: Sequence[Question]


def _group(name: str, model: type[BaseModel]) -> Group:
    shapes: dict[str, Any] = model.model_json_schema()["properties"]
    found = [_question(name, key, shape) for key, shape in shapes.items() if key not in _LEFT_OUT]
    return Group(name, catalogue("bixie.web.law").text(f"group.{name}"), found)


def _question(group: str, key: str, shape: dict[str, Any]) -> Question:
    own, words = catalogue("bixie.web.law"), catalogue("bixie.law")
    name = f"question.{group}.{key}"
    text = own.text(name) if name in own.sentences else _plain(words.text(f"form.{group}.{key}"))
    if key == "province":
        return Question(key, text, "choice", [(one, Text(en, zh)) for one, (zh, en) in PROVINCES.items()])
    inner = shape["anyOf"][0]
    if "enum" in inner:
        choices = [(str(one), own.text(f"choice.{key}.{one}")) for one in inner["enum"]]
        return Question(key, text, "choice", choices)
    return Question(key, text, _kind(key, inner))


def _kind(key: str, shape: dict[str, Any]) -> Kind:
    if key.startswith(_MONEY):
        return "money"
    if shape.get("type") == "boolean":
        return "answer"
    if key == "date" or key.endswith("_date"):
        return "day"
    return "number" if shape.get("type") == "integer" else "text"


def _plain(text: Text) -> Text:
    return Text(_EXAMPLE.sub("", text.en).strip(), _EXAMPLE.sub("", text.zh).strip())


GROUPS: tuple[Group, ...] = tuple(_group(name, model) for name, model in QUESTIONED.items())
"""All questions, in the order of the form."""


def facts_of(typed: Mapping[str, str], acts: int) -> dict[str, Any]:
    """Return the document of facts that the fields of the form make; what is left open is unknown.

    Parameters
    ----------
    typed : mapping of str to str
        ``person.age``, and ``acts.0.date`` for the first act.
    acts : int
        How many acts the form had.
    """
    document: dict[str, Any] = {}
    for group in GROUPS:
        if group.name == "acts":
            blocks = [_answers(group, f"acts.{number}", typed) for number in range(acts)]
            given = [one for one in blocks if one]
            if given:
                document["acts"] = given
        elif answers := _answers(group, group.name, typed):
            document[group.name] = answers
    return document


def _answers(group: Group, prefix: str, typed: Mapping[str, str]) -> dict[str, Any]:
    found = {one.name: _value(one, typed.get(f"{prefix}.{one.name}", "").strip()) for one in group.questions}
    return {name: value for name, value in found.items() if value is not None}


def _value(question: Question, text: str) -> Any:
    if not text:
        return None
    if question.kind == "answer":
        return _ANSWERS.get(text)
    if question.kind == "number" or question.name == "guangdong_class":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    return text
