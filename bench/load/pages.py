"""The part ``pages``: how long the server takes for each page with many cases, and what a page weighs."""

import argparse
import http.client
import re
import statistics
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import numpy as np
from tests.services.worker_runs import workers

from bench.load.kill_run import free_port, server_program
from bench.load.lists import Reader, timed
from bench.load.many_cases import BenchShop, shop_with_cases
from bench.load.uploading import ready
from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.cases import repository
from bixie.cases.links import PATH as BUYERS
from bixie.cases.links import buyer_of_case, case_token
from bixie.cases.words import Status
from bixie.identity.service import add_person
from bixie.identity.signin.password_links import keep_password
from bixie.identity.signin.passwords import hash_password
from bixie.kit.timestamps import utc_now
from bixie.orders import repository as orders
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["PASSWORD", "add_arguments", "add_staff", "pages", "tables", "weight"]

_CASES, _VIEWS, _WARMING = 100_000, 100, 5
_TARGET_MS, _TARGET_KB = 100, 150
PASSWORD = "correct horse battery staple"
_PAGES = {
    "start": "start page",
    "desk": "desk: what waits for the shop",
    "desk_by_number": "desk: by a part of the order's number",
    "desk_case": "desk: a case",
    "orders": "orders",
    "console": "console: the queue",
    "console_case": "console: a case",
    "buyer": "a buyer's case, by its link",
    "policies": "policies",
    "law": "law",
    "admin": "administration",
}
_ASSET = re.compile(r'(?:href|src)="([^"]+\.(?:css|js)(?:\?[^"]*)?)"')
_IMPORT = re.compile(r'(?:\bfrom|\bimport)\s*\(?\s*"([^"]+\.js)"|@import "([^"]+)"')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``pages``."""
    parser.add_argument("--list", type=int, metavar="COUNT", dest="pages_cases", default=_CASES)
    parser.add_argument("--views", type=int, default=_VIEWS, metavar="COUNT", help="of each page")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="pages_json")


def pages(options: argparse.Namespace) -> int:
    """Measure and print.

    Returns
    -------
    int
        1 when a page is too heavy, or lists of the usual length miss the target; 2 when nothing could be
        measured.
    """
    found = on_each_database(options.database, partial(_measure, options.pages_cases, options.views))
    if not found:
        return 2
    print("\n" + "\n\n".join(one.text() for one in tables(found)))
    print(f"\nTargets: {_TARGET_MS} ms for 95 % of the views, one browser; {_TARGET_KB} kB without pictures.")
    write_run(options.pages_json, "pages", {"numbers": found})
    return 1 if any(map(_misses, found.values())) else 0


def _misses(numbers: dict[str, float]) -> bool:
    slowest = max(numbers[f"{name}_p95_ms"] for name in _PAGES)
    heaviest = max(numbers[f"{name}_kb"] for name in _PAGES)
    return heaviest >= _TARGET_KB or (numbers["cases"] >= _CASES and slowest > _TARGET_MS)


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run: a line for each page."""
    columns = {"p50_ms": "median, ms", "p95_ms": "95 %, ms"}
    head = ["page", *(f"{database}: {words}" for database in found for words in columns.values())]
    first = next(iter(found.values()))
    lines = [
        [
            words,
            *(f"{one[f'{name}_{column}']:.0f}" for one in found.values() for column in columns),
            f"{first[f'{name}_kb']:.0f}",
        ]
        for name, words in _PAGES.items()
    ]
    return [Table(f"Pages with {first['cases']:,.0f} cases", [*head, "kB without pictures"], lines)]


def _measure(count: int, views: int, store: Store, location: Location) -> dict[str, float]:
    shop = shop_with_cases(store, count, for_reviewers=True)
    staff = {
        "admin": (Role.ADMIN, None),
        "clerk": (Role.CLERK, shop.merchant),
        "reviewer": (Role.REVIEWER, None),
    }
    for login, (role, party) in staff.items():
        add_staff(store, shop.principal, login, role, party)
    places = _places(store, shop, count)
    port = free_port()
    numbers: dict[str, float] = {"cases": count, "views": views}
    with workers(location, 1, server_program(port)):
        ready(port)
        cookies = {login: _cookies(port, login) for login in staff}
        for name, (who, path) in places.items():
            reader = Reader(port, cookie=cookies.get(who, ""))
            timed([reader], [path] * _WARMING)
            times = timed([reader], [path] * views)
            numbers[f"{name}_p50_ms"] = statistics.median(times)
            numbers[f"{name}_p95_ms"] = float(np.percentile(times, 95))
            numbers[f"{name}_kb"] = weight(reader, path) / 1000
            reader.close()
    return numbers


def _places(store: Store, shop: BenchShop, count: int) -> dict[str, tuple[str, str]]:
    """Return by page who looks at it, and its path."""
    with reading(store, shop.principal) as session:
        reviewed, waiting = (
            repository.page(session, None, 1, repository.CaseFilter(status=status))[0]
            for status in (Status.IN_REVIEW, Status.AWAITING_MERCHANT)
        )
    return {
        "start": ("admin", "/"),
        "desk": ("clerk", "/desk"),
        "desk_by_number": ("clerk", f"/desk?view=all&q={count // 5}"),
        "desk_case": ("clerk", f"/desk/cases/{waiting.id}"),
        "orders": ("clerk", "/orders"),
        "console": ("reviewer", "/console"),
        "console_case": ("reviewer", f"/console/cases/{reviewed.id}"),
        "buyer": ("buyer", _link(store, shop, waiting.id)),
        "policies": ("admin", "/policies"),
        "law": ("admin", "/law"),
        "admin": ("admin", "/admin/people"),
    }


def _link(store: Store, shop: BenchShop, case_id: str) -> str:
    with writing(store, shop.principal) as session:
        case = repository.by_id(session, case_id)
        order = None if case is None else orders.by_id(session, case.order_id)
        if case is None or order is None:
            raise ValueError(case_id)
        buyer_of_case(session, case, order, utc_now)
        return BUYERS + case_token(session, case, utc_now().replace(year=utc_now().year + 1), utc_now)


def add_staff(store: Store, principal: Principal, login: str, role: Role, party: str | None = None) -> None:
    """Add a person who can sign in with `PASSWORD`."""
    made = hash_password(PASSWORD)
    with writing(store, principal) as session:
        person = add_person(session, login, role, party=party)
        keep_password(session, person, made, by="setup", clock=utc_now)


def _cookies(port: int, login: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
    connection.request("POST", "/login", urlencode({"login": login, "password": PASSWORD}), headers)
    answer = connection.getresponse()
    cookies = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie") or ()]
    connection.close()
    return "; ".join(cookies)


def weight(reader: Reader, path: str) -> int:
    """Return the bytes of a page with its styles and scripts, and what these import; without pictures."""
    body = reader.get(path)
    total, waiting, seen = len(body), [urljoin(path, one) for one in _ASSET.findall(body.decode())], set()
    while waiting:
        address = waiting.pop()
        if urlsplit(address).path in seen:
            continue
        seen.add(urlsplit(address).path)
        content = reader.get(address)
        total += len(content)
        waiting += [urljoin(address, script or style) for script, style in _IMPORT.findall(content.decode())]
    return total
