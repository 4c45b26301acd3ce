"""States of cases that were folded for lists, kept in memory: most cases on a page have not changed since.

A state is kept under the hash of the newest event about its case, which stands for all events before it. So a
kept state is never out of date. What changes a case folds its events itself.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from bixie.access.tenancy import TenantSession
from bixie.cases.models import Case
from bixie.cases.opening import states_of
from bixie.cases.state import CaseState
from bixie.ledger.repository import newest_hashes

__all__ = ["StateCache", "states_for_list"]

_MAX_STATES = 2_000
"""About 10 MB: forty pages of lists."""


class StateCache:
    """The states that were asked for last.

    Parameters
    ----------
    max_states : int
    """

    def __init__(self, max_states: int = _MAX_STATES) -> None:
        self._max_states = max_states
        self._by_hash: OrderedDict[str, CaseState] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._by_hash)

    def states(self, session: TenantSession, cases: Sequence[Case]) -> dict[str, CaseState]:
        """Return the states of cases by id; those that are not kept are folded from their events.

        Parameters
        ----------
        session : TenantSession
            That sees one state of the database.
        cases : sequence of Case
        """
        hashes = newest_hashes(session, [case.id for case in cases])
        found = {case_id: self._by_hash.get(hash_) for case_id, hash_ in hashes.items()}
        known = {case_id: state for case_id, state in found.items() if state is not None}
        missing = [case for case in cases if case.id not in known]
        folded = states_of(session, missing) if missing else {}
        with self._lock:
            for case_id, state in (known | folded).items():
                self._by_hash[hashes[case_id]] = state
                self._by_hash.move_to_end(hashes[case_id])
            while len(self._by_hash) > self._max_states:
                self._by_hash.popitem(last=False)
        return known | folded


states_for_list = StateCache().states
"""That of this process."""
