"""What a clerk has typed and not sent: refused by a moment ago, or kept as a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Typed"]

_FORM = "form"


@dataclass(frozen=True, slots=True)
class Typed:
    """Values of one form of a case's page.

    Parameters
    ----------
    action : str
        The request that the form is for; empty where nothing was typed.
    values : dict
        By the names of its fields.
    """

    action: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def is_for(self, action: str, form: str = "") -> bool:
        """Return whether it is of this form; three forms share the action `negotiate`."""
        return self.action == action and self.values.get(_FORM, "") == form

    def value(self, action: str, name: str, form: str = "") -> str:
        """Return what stands in a field."""
        if not self.is_for(action, form):
            return ""
        found = self.values.get(name, "")
        return str(found[0] if isinstance(found, list) and found else found or "")

    def has(self, action: str, name: str, one: object, form: str = "") -> bool:
        """Return whether something is chosen in a field."""
        if not self.is_for(action, form):
            return False
        found = self.values.get(name, "")
        return str(one) in (map(str, found) if isinstance(found, list) else [str(found)])
