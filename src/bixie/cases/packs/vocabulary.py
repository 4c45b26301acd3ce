"""The words for reasons, views and categories that policy packs may use: those of claims."""

from functools import cache

from bixie.cases.claims.loading import claim_options
from bixie.policies.checking import Vocabulary

__all__ = ["vocabulary_of_claims"]


@cache
def vocabulary_of_claims() -> Vocabulary:
    """Return the keys of the reasons, roles and categories that a claim may name."""
    options = claim_options()
    return Vocabulary(
        reasons=frozenset(one.key for one in options.reasons),
        roles=frozenset(one.key for one in options.roles),
        categories=frozenset(one.key for one in options.categories),
    )
