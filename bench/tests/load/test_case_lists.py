"""The part ``cases`` of the measurements."""

import json
from collections import Counter

from bench.__main__ import main
from bench.load import case_lists
from bench.load.many_cases import shop_with_cases

from bixie.access.tenancy import reading, reading_every_tenant
from bixie.assembly.stores import ready_store
from bixie.cases import repository as cases
from bixie.cases.verifying import check_cases
from bixie.ledger.verification import verify
from bixie.store.settings import Location


def test_a_small_run_times_every_kind_of_answer(tmp_path, capsys):
    target = tmp_path / "out.json"
    command = ["cases", "--list", "600", "--pages", "2", "--database", "sqlite", "--json", str(target)]
    assert main(command) == 0
    numbers = json.loads(target.read_text(encoding="utf-8"))["numbers"]
    assert numbers["sqlite"]["cases"] == 600
    assert numbers["sqlite"]["page_p95_ms"] >= numbers["sqlite"]["page_p50_ms"] > 0
    (table,) = case_lists.tables(numbers)
    assert len(table.lines) == 14
    assert table.text() in capsys.readouterr().out


def test_cases_written_in_batches_are_those_of_the_service(tmp_path):
    store = ready_store(Location.find(str(tmp_path)))
    shop = shop_with_cases(store, 430)
    with reading(store, shop.principal) as session:
        found = Counter(row.status for row in cases.page(session, None, 500))
    assert found == {"awaiting_merchant": 109, "awaiting_buyer": 107, "closed": 214}
    with reading_every_tenant(store) as session:
        verify(session)
        assert check_cases(session, shop.principal.tenant) == 430
    store.close()
