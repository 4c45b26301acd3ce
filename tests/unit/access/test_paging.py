"""Where a page ends, and which cursor fits."""

import pytest

from bixie.access.errors import AccessError
from bixie.access.paging import PageQuery, Window
from bixie.access.sequence import Place


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


def test_a_place_comes_back_from_its_cursor():
    rows = [Place(number, f"order_{number}") for number in (7, 9, 9)]
    page = window().page(rows, str, lambda place: place)
    assert window(PageQuery(cursor=page.next)).after_place == rows[1]
    assert window().after_place is None


@pytest.mark.parametrize("position", ["order_1", "1", "1.", ".order_1", "-1.order_1", "1.order 1"])
def test_a_cursor_without_a_place_is_refused(position):
    cursor = window().page(["a", position, "c"], str, str).next
    with pytest.raises(AccessError, match=r"access\.bad_cursor"):
        _ = window(PageQuery(cursor=cursor)).after_place


@pytest.mark.parametrize("cursor", ["", "x", "====", "é", "AAAA", "a" * 199])
def test_what_is_no_cursor_is_refused(cursor):
    with pytest.raises(AccessError, match=r"access\.bad_cursor"):
        window(PageQuery(cursor=cursor))
