"""Reports of an earlier version, on both databases."""

import sqlalchemy as sa

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading
from bixie.assembly.stores import metadata, ready_store
from bixie.examinations import repository as examinations
from bixie.store.engine import connect
from bixie.store.migration import differences, migrate
from bixie.store.unit_of_work import Store
from bixie.vault import repository as vault
from bixie.vault.retention import repository as retention

TIME = "2026-11-25T08:30:00.123Z"
EXHIBIT = """
    INSERT INTO exhibit (id, tenant, party, order_number, role, name, sha256, sm3, bytes, media_type, state,
                         received_at, about)
    VALUES (:id, 'tenant_1', '', '7', :role, 'x', :id, 'c', 1, 'image/png', 'kept', :time, :about)
"""
EXAMINATION = """
    INSERT INTO examination (id, tenant, party, exhibit_id, report_id, verdict, version, examined_at)
    VALUES ('examination_1', 'tenant_1', '', 'exhibit_1', 'exhibit_2', 'suspect', '0.1', :time)
"""


def test_a_report_of_an_earlier_version_is_about_the_exhibit_that_was_examined_alone(location):
    store = Store(connect(location.url))
    migrate(store.engine, metadata(), to="0013")
    with store.engine.begin() as connection:
        for id_, role, about in (("exhibit_1", "claim", None), ("exhibit_2", "report", "exhibit_1")):
            values = {"id": id_, "role": role, "time": TIME, "about": about}
            connection.execute(sa.text(EXHIBIT), values)
        connection.execute(sa.text(EXAMINATION), {"time": TIME})
    store.close()
    store = ready_store(location)
    assert differences(store.engine, metadata()) == []
    with reading(store, Principal("tenant_1", "person_1", Role.ADMIN)) as session:
        assert vault.by_id(session, "exhibit_1").arrived_with == "exhibit_1"
        assert [one.id for one in retention.reports_on(session, "exhibit_1")] == ["exhibit_2"]
        made = examinations.by_id(session, "examination_1")
        assert made.exhibits == [{"exhibit": "exhibit_1", "verdict": "suspect"}]
    store.close()
