"""What differs between two packs, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bixie.cases.names import reason_name, role_name
from bixie.kit.canonical_json import decode_canonical
from bixie.kit.messages import Text, catalogue
from bixie.kit.money import yuan_from_fen
from bixie.policies import Pack

__all__ = ["Difference", "differences", "limits_in_words", "terms_in_words"]

_ROOM = "bixie.web.policies"
_NONE = Text("none", "无")
_AMOUNTS = {"second_review_above", "refund_only_amount"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Parameters
    ----------
    what : Text
    before, after : Text or None
        None where it is only in the other pack.
    """

    what: Text
    before: Text | None
    after: Text | None


def differences(before: Pack, after: Pack) -> list[Difference]:
    """Return what differs, in the order of a pack: terms, limits, evidence, rules."""
    old, new = _flat(before), _flat(after)
    keys = [*old, *(key for key in new if key not in old)]
    return [
        Difference((old.get(key) or new[key])[0], _side(old, key), _side(new, key))
        for key in keys
        if _side(old, key) != _side(new, key)
    ]


def terms_in_words(pack: Pack) -> list[tuple[Text, Text]]:
    """Return how long each side has and what follows on silence, name and value."""
    return [value for key, value in _flat(pack).items() if key.startswith("terms.")]


def limits_in_words(pack: Pack) -> list[tuple[Text, Text]]:
    """Return the limits of what is paid without a person, name and value."""
    return [value for key, value in _flat(pack).items() if key.startswith("limits.")]


def _side(flat: dict[str, tuple[Text, Text]], key: str) -> Text | None:
    return flat[key][1] if key in flat else None


def _flat(pack: Pack) -> dict[str, tuple[Text, Text]]:
    """Return name and value of everything in a pack by a key that versions share."""
    body: Any = decode_canonical(pack.canonical)
    found: dict[str, tuple[Text, Text]] = {}
    for section in ("terms", "limits"):
        for path, value in _leaves(body.get(section, {})):
            key = f"{section}.{path}"
            found[key] = _named(key, path), _value(path, value)
    for reason, roles in body.get("evidence", {}).items():
        name = reason_name(reason)
        what = Text(f"Pictures: {name.en}", f"图片要求：{name.zh}")
        found[f"evidence.{reason}"] = what, _list([role_name(role) for role in roles])
    for rule in pack.rules:
        what = Text(f"Rule {rule.id}", f"规则 {rule.id}")
        effect = catalogue(_ROOM).text(f"effect.{rule.effect}")
        said = Text(f"{effect.en}: {rule.text.en}", f"{effect.zh}：{rule.text.zh}")
        found[f"rule.{rule.id}"] = what, said
        found[f"condition.{rule.id}"] = (
            Text(f"Condition of {rule.id}", f"{rule.id} 的条件"),
            _condition(rule.when),
        )
    return found


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield paths and values; a length such as ``{"hours": 48}`` is one value."""
    if isinstance(value, dict) and not (len(value) == 1 and set(value) <= {"hours", "days", "workdays"}):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    else:
        yield path, value


def _named(key: str, path: str) -> Text:
    words = catalogue(_ROOM)
    return words.text(key) if key in words.sentences else Text(path, path)


def _value(path: str, value: Any) -> Text:
    words = catalogue(_ROOM)
    if isinstance(value, dict):
        ((unit, count),) = value.items()
        return words.text(f"length.{unit}", count=count)
    if isinstance(value, list):
        return _list([reason_name(one) for one in value] if path == "person_reasons" else value)
    if path in _AMOUNTS:
        yuan = yuan_from_fen(value)
        return Text(f"¥{yuan}", f"¥{yuan}")
    coded = f"value.{value}"
    return words.text(coded) if coded in words.sentences else Text(str(value), str(value))


def _list(values: Any) -> Text:
    shown = [one if isinstance(one, Text) else Text(str(one), str(one)) for one in values]
    if not shown:
        return _NONE
    return Text(", ".join(one.en for one in shown), "、".join(one.zh for one in shown))


def _condition(value: Any) -> Text:
    """Return a condition in words: its names, joined by "and", "or" and "not"."""
    return Text(_joined(value, ("and", "or", "not ")), _joined(value, ("且", "或", "非 ")))


def _joined(value: Any, words: tuple[str, str, str]) -> str:
    if isinstance(value, str):
        return value
    ((operator, inner),) = value.items()
    if operator == "not":
        return words[2] + _joined(inner, words)
    word = f" {words[0] if operator == 'all' else words[1]} "
    return "(" + word.join(_joined(one, words) for one in inner) + ")"
