"""What is wrong with options as a whole: references to nothing, and rules that no claim could follow."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bixie.cases.claims.options import GENERAL, ClaimOptions, Coded, Reason, find
from bixie.kit.validation import Fault

__all__ = ["contradictions"]

_CODED = (
    *("services", "categories", "reasons", "labels", "roles", "asks", "negotiate_forms"),
    *(
        "reject_reasons",
        "appeal_reasons",
        "decision_reasons",
        "more_time_reasons",
        "merchant_options",
        "notices",
    ),
)


def contradictions(options: ClaimOptions) -> Iterator[Fault]:
    """Yield what is wrong, each with the place of the entry.

    Parameters
    ----------
    options : ClaimOptions

    Yields
    ------
    Fault
        ``claims.options_twice``, ``…_unknown``, ``…_no_service``, ``…_needs_goods``, ``…_below_the_law``,
        ``…_service_without_reason``, ``…_label_never``, ``…_ask_never``, ``…_evidence_missing``,
        ``…_evidence_over_limit``, ``…_limits``, ``…_levels``, ``…_costs``.
    """
    for section in _CODED:
        yield from _twice(section, [one.key for one in getattr(options, section)])
    yield from _references(options)
    for index, reason in enumerate(options.reasons):
        yield from _of_reason(options, index, reason)
    yield from _services_without_reason(options)
    yield from _labels(options)
    yield from _asks(options)
    yield from _evidence(options)
    yield from _limits(options)
    yield from _levels(options)
    yield from _costs(options)


def _twice(section: str, keys: Sequence[str]) -> Iterator[Fault]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield Fault("claims.options_twice", (section, index), {"name": key})


def _references(options: ClaimOptions) -> Iterator[Fault]:
    services, categories = _keys(options.services), _keys(options.categories)
    reasons, roles = _keys(options.reasons), _keys(options.roles)
    if GENERAL not in categories:
        yield Fault("claims.options_unknown", ("categories", 0), {"name": GENERAL})
    for index, reason in enumerate(options.reasons):
        yield from _unknown(("reasons", index), reason.services(), services)
        yield from _unknown(("reasons", index), reason.categories, categories)
    for index, label in enumerate(options.labels):
        yield from _unknown(("labels", index), label.reasons, reasons)
        yield from _unknown(("labels", index), label.categories, categories)
    for index, ask in enumerate(options.asks):
        yield from _unknown(("asks", index), (ask.role,), roles)
    for index, entry in enumerate(options.evidence):
        place = ("evidence", index)
        yield from _unknown(place, entry.reasons, reasons)
        yield from _unknown(place, entry.categories, categories)
        yield from _unknown(place, (need.role for need in entry.needs), roles)


def _unknown(place: tuple[str, int], named: Iterable[str], known: frozenset[str]) -> Iterator[Fault]:
    for key in named:
        if key not in known:
            yield Fault("claims.options_unknown", place, {"name": key})


def _of_reason(options: ClaimOptions, index: int, reason: Reason) -> Iterator[Fault]:
    place, key = ("reasons", index), reason.key
    if not reason.services():
        yield Fault("claims.options_no_service", place, {"name": key})
    for name in reason.not_received:
        service = find(options.services, name)
        if service is not None and service.needs_goods:
            yield Fault("claims.options_needs_goods", place, {"name": key, "service": name})
    if reason.return_right != "none" and "return_refund" not in reason.received:
        yield Fault("claims.options_below_the_law", place, {"name": key})


def _services_without_reason(options: ClaimOptions) -> Iterator[Fault]:
    """Find services that nobody with goods of some category could ask for."""
    for index, service in enumerate(options.services):
        for category in options.categories:
            offered = (one for one in options.reasons if one.suits(category.key))
            if not any(service.key in reason.services() for reason in offered):
                values = {"name": service.key, "category": category.key}
                yield Fault("claims.options_service_without_reason", ("services", index), values)


def _labels(options: ClaimOptions) -> Iterator[Fault]:
    for index, label in enumerate(options.labels):
        for key in label.reasons:
            reason = find(options.reasons, key)
            if reason and not any(map(reason.suits, label.categories)):
                yield Fault(
                    "claims.options_label_never", ("labels", index), {"name": label.key, "reason": key}
                )


def _asks(options: ClaimOptions) -> Iterator[Fault]:
    for index, ask in enumerate(options.asks):
        role = find(options.roles, ask.role)
        if role and role.media != "any" and ask.media not in {role.media, "any"}:
            yield Fault("claims.options_ask_never", ("asks", index), {"name": ask.key, "role": role.key})


def _evidence(options: ClaimOptions) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for index, entry in enumerate(options.evidence):
        place = ("evidence", index)
        yield from _twice_here(place, [need.role for need in entry.needs])
        for reason in entry.reasons:
            for category in entry.categories or ("",):
                if (reason, category) in seen:
                    yield Fault("claims.options_twice", place, {"name": f"{reason} {category}".strip()})
                seen.add((reason, category))
    for index, one in enumerate(options.reasons):
        if (one.key, "") not in seen:
            yield Fault("claims.options_evidence_missing", ("reasons", index), {"name": one.key})
        for known in options.categories:
            wanted = sum(need.count for need in options.needs(one.key, known.key))
            if wanted > options.limits.pictures_at_once:
                values = {"name": one.key, "count": wanted, "limit": options.limits.pictures_at_once}
                yield Fault("claims.options_evidence_over_limit", ("reasons", index), values)
                break


def _twice_here(place: tuple[str, int], keys: Sequence[str]) -> Iterator[Fault]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault("claims.options_twice", place, {"name": key})


def _limits(options: ClaimOptions) -> Iterator[Fault]:
    limits = options.limits
    fits = limits.pictures_at_once + limits.videos_at_once <= limits.exhibits_at_once
    if not fits or limits.exhibits_at_once > limits.exhibits_per_side:
        yield Fault("claims.options_limits", ("limits",))


def _levels(options: ClaimOptions) -> Iterator[Fault]:
    percents = [one.percent for one in options.damage_levels]
    if percents != sorted(set(percents)) or percents[-1] != 100:
        yield Fault("claims.options_levels", ("damage_levels",))


def _costs(options: ClaimOptions) -> Iterator[Fault]:
    costs, known = options.costs, _keys(options.categories)
    tables: Mapping[str, Mapping[str, object]] = {
        "shipping": costs.shipping,
        "handling": costs.handling,
        "visit": costs.visit,
        "goods_percent": costs.goods_percent,
        "parts_percent": costs.parts_percent,
        "residual_percent": costs.residual_percent,
    }
    for name, table in tables.items():
        wrong = sorted(set(table) - known) or ([] if GENERAL in table else [GENERAL])
        for key in wrong:
            yield Fault("claims.options_costs", ("costs", name), {"name": key})
    levels = [one.percent for one in options.damage_levels]
    for key, worth in costs.residual_percent.items():
        shares = [worth[level] for level in levels if level in worth]
        if sorted(worth) != levels or shares != sorted(shares, reverse=True):
            yield Fault("claims.options_costs", ("costs", "residual_percent"), {"name": key})


def _keys(entries: Sequence[Coded]) -> frozenset[str]:
    return frozenset(one.key for one in entries)
