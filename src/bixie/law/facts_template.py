"""An empty form of the facts: a question above every key, in the reader's language, every answer unknown."""

from pydantic import BaseModel

from bixie.kit.messages import Language, Text, catalogue
from bixie.law.facts import ActEntry, Afterwards, Intent, Mode, Person, Place

__all__ = ["QUESTIONED", "facts_template"]

_OTHER_WORDS = {"platform_auto_refund"}
"""Left out: `refund_decided_by` asks for the same in plainer words."""
QUESTIONED: dict[str, type[BaseModel]] = {
    "acts": ActEntry,
    "intent": Intent,
    "person": Person,
    "place": Place,
    "mode": Mode,
    "afterwards": Afterwards,
}
"""The groups of the form, in order, and their models."""


def facts_template(language: Language) -> str:
    """Return a file of facts to fill in: JSON with comment lines, every answer null.

    Parameters
    ----------
    language : {"zh", "en"}
        Of the questions; keys stay English.
    """
    lines = [*_comment(_say("form.head"), language, ""), "{"]
    for group, model in QUESTIONED.items():
        many = group == "acts"
        lines += _comment(_say(f"form.{group}"), language, "  ")
        lines.append(f'  "{group}": [{{' if many else f'  "{group}": {{')
        keys = [key for key in model.model_fields if key not in _OTHER_WORDS]
        for key in keys:
            lines += _comment(_say(f"form.{group}.{key}"), language, "    ")
            lines.append(f'    "{key}": null{"" if key == keys[-1] else ","}')
        lines.append("  }]," if many else "  },")
    lines += _comment(_say("form.decision_date"), language, "  ")
    return "\n".join([*lines, '  "decision_date": null', "}", ""])


def _comment(text: Text, language: Language, indent: str) -> list[str]:
    return [f"{indent}// {line}" for line in text.in_(language).splitlines()]


def _say(key: str) -> Text:
    return catalogue("bixie.law").text(key)
