"""Which reviewers a case goes to: rules as data in `routing.yaml`."""

from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bixie.cases.claims.loading import claim_options
from bixie.cases.state import CaseState
from bixie.law.yaml_lines import parse_yaml, plain

__all__ = ["Kind", "Routing", "routing", "skills_asked"]

Kind = Literal["review", "appeal"]
_FILE = "routing.yaml"


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class When(_Given):
    """What a case must be; everything that is named must fit.

    Parameters
    ----------
    kinds, categories : tuple of str
        One of them fits; empty for all.
    amount_above : int or None
        Minor units that the claim asks for more than.
    """

    kinds: tuple[Kind, ...] = ()
    categories: tuple[str, ...] = ()
    amount_above: int | None = Field(None, ge=0)

    def fits(self, kind: Kind, category: str, amount_minor: int) -> bool:
        """Return whether a case is so."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.categories or category in self.categories)
            and (self.amount_above is None or amount_minor > self.amount_above)
        )


class RoutingRule(_Given):
    """A skill that some cases ask for."""

    skill: str = Field(pattern="^[a-z][a-z0-9_]{1,39}$")
    when: When


class Routing(_Given):
    """All rules."""

    version: int
    rules: tuple[RoutingRule, ...]

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills that reviewers can be given, each once."""
        return tuple(dict.fromkeys(one.skill for one in self.rules))


@cache
def routing() -> Routing:
    """Return the rules that Bixie comes with, read once."""
    text = resources.files("bixie.cases.reviews").joinpath(_FILE).read_text(encoding="utf-8")
    return Routing.model_validate(plain(parse_yaml(text, _FILE)))


def skills_asked(state: CaseState, kind: Kind) -> tuple[str, ...]:
    """Return the skills that a case asks for."""
    category = claim_options().category_of(state.filed.category)
    fitting = (one.skill for one in routing().rules if one.when.fits(kind, category, state.amount_minor))
    return tuple(dict.fromkeys(fitting))
