"""Where webhooks may go, and that a name cannot lead them elsewhere."""

import pytest

from bixie.notices.endpoints import Endpoint, address_of, is_public, parsed, private_allowed
from bixie.notices.errors import NoticeError, SendingError

ENDPOINT = Endpoint(True, "shop.example.com", 443, "/")


@pytest.mark.parametrize(
    ("url", "endpoint", "authority"),
    [
        ("https://shop.example.com", ENDPOINT, "shop.example.com"),
        (
            "http://shop.example.com:8080/a?b=c",
            Endpoint(False, "shop.example.com", 8080, "/a?b=c"),
            "shop.example.com:8080",
        ),
        ("HTTPS://Shop.Example.com:443/x", Endpoint(True, "shop.example.com", 443, "/x"), "shop.example.com"),
        ("https://[2001:4860::1]/x", Endpoint(True, "2001:4860::1", 443, "/x"), "[2001:4860::1]"),
    ],
)
def test_an_address_is_taken_apart(url, endpoint, authority):
    assert parsed(url) == endpoint
    assert endpoint.authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example.com",
        "ftp://shop.example.com",
        "file:///etc/passwd",
        "gopher://shop.example.com",
        "https://",
        "https:///x",
        "https://user@shop.example.com",
        "https://user:password@shop.example.com",
        "https://shop.example.com/#fragment",
        "https://shop.example.com:99999",
        "https://shop.example.com:x",
        "https://shop.example.com/a b",
        "https://shop.example.com/\r\nX-Injected: yes",
        "https://shop.example.com/\t",
        "https://商店.example.com/",
        "https://[::1",
        "https://shop.example.com/" + "x" * 2000,
    ],
)
def test_an_address_that_hides_something_is_none(url):
    with pytest.raises(NoticeError, match=r"notices\.not_a_place"):
        parsed(url)


@pytest.mark.parametrize("address", ["8.8.8.8", "119.29.29.29", "2001:4860:4860::8888"])
def test_addresses_that_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.19.255.255",
        "100.127.255.255",
        "192.0.0.9",
        "192.88.99.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "fec0::1",
        "feff::1",
        "fe80::1",
        "ff00::1",
        "100::1",
        "5f00::1",
        "4000::1",
        "2001:2::1",
        "2001:20::1",
        "3fff::1",
        "64:ff9b::7f00:1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "nonsense",
        "",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


def find(*addresses, allow_private=False):
    return address_of(ENDPOINT, lambda host, port: addresses, allow_private=allow_private)


def test_the_address_that_was_checked_is_the_one_that_is_used():
    assert find("8.8.8.8", "1.1.1.1") == "8.8.8.8"


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1", "8.8.8.8"]])
def test_one_private_address_among_public_ones_is_enough(found):
    with pytest.raises(SendingError) as caught:
        find(*found)
    assert (caught.value.code, caught.value.final) == ("notices.private_place", True)
    assert find(*found, allow_private=True) == found[0]


@pytest.mark.parametrize("error", [OSError("no such host"), UnicodeError("label too long")])
def test_a_name_without_an_address_may_have_one_later(error):
    def resolver(host, port):
        raise error

    for looked_up in (resolver, lambda host, port: []):
        with pytest.raises(SendingError) as caught:
            address_of(ENDPOINT, looked_up, allow_private=True)
        assert (caught.value.code, caught.value.final) == ("notices.no_such_host", False)


def test_only_yes_allows_private_addresses():
    assert private_allowed({"BIXIE_WEBHOOK_PRIVATE": "yes"})
    for value in ("", "no", "YES please", "1"):
        assert not private_allowed({"BIXIE_WEBHOOK_PRIVATE": value})
    assert not private_allowed({})
