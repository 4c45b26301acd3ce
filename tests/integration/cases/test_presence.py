"""Who has a case open, told by several pages at the same moment."""

import threading
from dataclasses import replace

from bixie.access.principal import Role
from bixie.access.tenancy import writing
from bixie.cases.presence.service import see
from bixie.cases.words import Side


def test_two_pages_of_one_person_are_one_presence(shop):
    reviewer = replace(shop.program, id="person_reviewer", role=Role.REVIEWER)
    found = []

    def second_page():
        with writing(shop.store, reviewer) as session:
            found.append(see(session, "case_1", Side.PLATFORM, shop.clock))

    with writing(shop.store, reviewer) as session:
        see(session, "case_1", Side.PLATFORM, shop.clock)
        session.flush()
        page = threading.Thread(target=second_page)
        page.start()
        page.join(0.5)
        assert page.is_alive()  # it waits for this transaction
    page.join(30)
    assert found == [[]]
