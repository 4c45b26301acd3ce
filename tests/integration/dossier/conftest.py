"""A platform with a case, as the tests of cases have it, whose ledger is signed."""

import pytest
from tests.integration.cases.conftest import (
    case_server,
    desk,
    merchant,
    platform,
    port,
    reviewer,
    shop,
)

from bixie.ledger.signing import SIGNING, KeyFile
from bixie.store.unit_of_work import Store

__all__ = ["case_server", "desk", "merchant", "platform", "port", "reviewer", "shop"]


@pytest.fixture
def store(store, tmp_path) -> Store:
    """The store of the test, with a key that signs its checkpoints."""
    return Store(
        store.engine, {**store.about, SIGNING: KeyFile(tmp_path / "ledger-key.pem", beside_store=True)}
    )
