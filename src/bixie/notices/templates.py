"""The texts of messages, in Chinese and English: a subject, a body, and a short text for SMS.

The sentences are in ``messages.toml``. No message accuses anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bixie.kit.messages import Language, catalogue
from bixie.kit.sanitise import sanitise

__all__ = ["TEMPLATES", "Rendered", "render"]

TEMPLATES: dict[str, frozenset[str]] = {
    "case_turn": frozenset({"claim", "happened", "what", "until", "then"}),
    "case_news": frozenset({"claim", "happened"}),
    "case_decided": frozenset({"claim", "outcome", "next"}),
    "duty_reminder": frozenset({"claim", "what", "until", "then"}),
    "visit_booked": frozenset({"visit", "when", "technician", "link"}),
    "link_wanted": frozenset({"claim"}),
    "erasure_wanted": frozenset({"claim"}),
    "password_link": frozenset({"link", "until"}),
}
"""Name of each message to the values that it needs."""

_MAX_LENGTHS = {"link": 2000}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in one language.

    Parameters
    ----------
    subject, body, sms : str
    """

    subject: str
    body: str
    sms: str


def render(template: str, language: Language, values: Mapping[str, str]) -> Rendered:
    """Return a message with its values filled in.

    Parameters
    ----------
    template : str
        One of `TEMPLATES`.
    language : {"zh", "en"}
    values : mapping of str to str
        Exactly those that the message needs. Line breaks and invisible characters are removed, so that what a
        stranger typed cannot add a line to a message.

    Raises
    ------
    KeyError
        For another message or other values: a defect of the caller.
    """
    if values.keys() != TEMPLATES[template]:
        raise KeyError(f"{template} needs {sorted(TEMPLATES[template])}, not {sorted(values)}")
    safe = {name: sanitise(value, _MAX_LENGTHS.get(name, 160)) for name, value in values.items()}
    words = catalogue("bixie.notices")
    parts = (words.text(f"template.{template}.{part}", **safe) for part in ("subject", "body", "sms"))
    return Rendered(*(part.in_(language) for part in parts))
