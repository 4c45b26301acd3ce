"""Where a page ends, and which cursor fits."""

import pytest

from bixie.access.errors import AccessError
from bixie.access.paging import PageQuery, Window


def window(query=None, tenant="tenant_1", of="orders"):
    return Window.asked(tenant, of, query or PageQuery(limit=2))


def test_a_page_that_is_exactly_full_is_the_last_one():
    assert window().page(["a", "b"], str.upper, str).next is None
    assert window().page([], str, str).items == []


def test_a_cursor_leads_on_after_the_last_row_that_was_shown():
    page = window().page(["a", "b", "c"], str.upper, str)
    assert page.items == ["A", "B"]
    assert window(PageQuery(cursor=page.next)).after == "b"


@pytest.mark.parametrize(("tenant", "of"), [("tenant_2", "orders"), ("tenant_1", "keys")])
def test_a_cursor_fits_one_list_of_one_tenant(tenant, of):
    cursor = window().page(["a", "b", "c"], str, str).next
    with pytest.raises(AccessError, match=r"access\.bad_cursor"):
        window(PageQuery(cursor=cursor), tenant, of)


@pytest.mark.parametrize("cursor", ["", "x", "====", "é", "AAAA", "a" * 199])
def test_what_is_no_cursor_is_refused(cursor):
    with pytest.raises(AccessError, match=r"access\.bad_cursor"):
        window(PageQuery(cursor=cursor))
