"""What `bixie ledger verify` and the daily check fold: the objects whose state is made from their events."""

from bixie.cases.verifying import check_cases
from bixie.ledger.verifying_foldings import Folding

__all__ = ["FOLDINGS"]

FOLDINGS: tuple[Folding, ...] = (check_cases,)
