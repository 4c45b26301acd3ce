"""Checks of the catalogue beyond its schema: names exist, dates are in order, thresholds fit their band."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from bixie.law.entries import Catalogue, Rule, SourceLocation, Threshold
from bixie.law.errors import CatalogueError
from bixie.law.provinces import PROVINCES

__all__ = ["BANDS", "check_catalogue"]

_YUAN = 100
BANDS: dict[str, dict[str, tuple[int, int]]] = {
    "fraud": {
        "large": (3_000 * _YUAN, 10_000 * _YUAN),
        "huge": (30_000 * _YUAN, 100_000 * _YUAN),
        "extra": (500_000 * _YUAN, 500_000 * _YUAN),
    },
    "extortion": {
        "large": (2_000 * _YUAN, 5_000 * _YUAN),
        "huge": (30_000 * _YUAN, 100_000 * _YUAN),
        "extra": (300_000 * _YUAN, 500_000 * _YUAN),
    },
}
"""Fen between which a province may set its lines: 法释〔2011〕7号 art. 1, 法释〔2013〕10号 art. 1."""

_Dated = tuple[date | None, date | None, str, SourceLocation]


def check_catalogue(catalogue: Catalogue) -> None:
    """Check a catalogue for contradictions.

    Raises
    ------
    CatalogueError
        ``catalogue.unknown``, ``catalogue.unknown_article``, ``catalogue.out_of_order``,
        ``catalogue.before_its_law``, ``catalogue.overlap``, ``catalogue.outside_band``,
        ``catalogue.unknown_place`` or ``catalogue.twice``; ``values`` has ``file`` and ``line``.
    """
    for law in catalogue.laws.values():
        _check_order(law.start, law.end, law.id, law.location)
    for rule in catalogue.rules.values():
        _check_rule(rule, catalogue)
    for threshold in catalogue.thresholds:
        _check_threshold(threshold, catalogue)
    for step in catalogue.steps:
        _check_known(step.also, catalogue.rules, step.id, step.location)
    for advice in catalogue.advice:
        _check_known(advice.rules, catalogue.rules, advice.id, advice.location)
    for change in catalogue.calendar:
        _check_known(change.rules, catalogue.rules, change.day.isoformat(), change.location)
    _check_once([(line.id, line.location) for line in catalogue.thresholds])
    _check_once([(step.id, step.location) for step in catalogue.steps])
    _check_once([(advice.id, advice.location) for advice in catalogue.advice])
    _check_overlaps(catalogue)


def _refuse(code: str, location: SourceLocation, **values: object) -> CatalogueError:
    return CatalogueError(code, file=location.file, line=location.line, **values)


def _check_rule(rule: Rule, catalogue: Catalogue) -> None:
    _check_known(rule.sources, catalogue.sources, rule.id, rule.location)
    _check_known(rule.see, catalogue.rules, rule.id, rule.location)
    for flag in rule.flags:
        _check_known(flag.open, catalogue.rules, rule.id, rule.location)
    if rule.assess and rule.assess.limit:
        _check_known((rule.assess.limit.id,), catalogue.rules, rule.id, rule.location)
    if rule.assess and rule.assess.step:
        steps = [step.id for step in catalogue.steps]
        _check_known((rule.assess.step,), steps, rule.id, rule.location)
    _check_order(rule.start, rule.end, rule.id, rule.location)
    law = rule.law
    if law.start and (rule.start is None or rule.start < law.start):
        raise _refuse("catalogue.before_its_law", rule.location, id=rule.id, law=law.id, day=law.start)
    if law.end and (rule.end is None or rule.end > law.end):
        raise _refuse("catalogue.after_its_law", rule.location, id=rule.id, law=law.id, day=law.end)
    for article in rule.articles:
        number = int(article.split("(")[0].split("之")[0])
        if number < 1 or (law.articles and number > law.articles):
            raise _refuse(
                "catalogue.unknown_article",
                rule.location,
                id=rule.id,
                article=article,
                law=law.id,
                count=law.articles,
            )


def _check_threshold(threshold: Threshold, catalogue: Catalogue) -> None:
    location = threshold.location
    _check_known(threshold.sources, catalogue.sources, threshold.id, location)
    _check_order(threshold.start, threshold.end, threshold.id, location)
    if threshold.province is not None and threshold.province not in PROVINCES:
        raise _refuse("catalogue.unknown_place", location, id=threshold.id, province=threshold.province)
    band = BANDS[threshold.offence]
    lines = {"large": threshold.large, "huge": threshold.huge, "extra": threshold.extra}
    lowered = {"large": threshold.lowered_large, "huge": threshold.lowered_huge}
    for name, (low, high) in band.items():
        for line in (*lines[name], *filter(None, (lowered.get(name),))):
            if not low <= line <= high:
                raise _refuse(
                    "catalogue.outside_band",
                    location,
                    id=threshold.id,
                    name=name,
                    line_yuan=line // _YUAN,
                    low=low // _YUAN,
                    high=high // _YUAN,
                )
        if lines[name][0] > lines[name][1]:
            raise _refuse("catalogue.out_of_order", location, id=threshold.id)


def _check_known(names: Iterable[str], known: Iterable[str], where: str, location: SourceLocation) -> None:
    for name in names:
        if name not in known:
            raise _refuse("catalogue.unknown", location, what=name, id=where)


def _check_order(start: date | None, end: date | None, where: str, location: SourceLocation) -> None:
    if start and end and start > end:
        raise _refuse("catalogue.out_of_order", location, id=where)


def _check_once(entries: Sequence[tuple[str, SourceLocation]]) -> None:
    seen: set[str] = set()
    for name, location in entries:
        if name in seen:
            raise _refuse("catalogue.twice", location, id=name)
        seen.add(name)


def _check_overlaps(catalogue: Catalogue) -> None:
    groups: dict[object, list[_Dated]] = defaultdict(list)
    for rule in catalogue.rules.values():
        if rule.series:
            groups[rule.series].append((rule.start, rule.end, rule.id, rule.location))
    for line in catalogue.thresholds:
        key = (line.offence, line.province, line.group, line.telecom)
        groups[key].append((line.start, line.end, line.id, line.location))
        whole = (line.offence, line.province, None, line.telecom)
        if line.group is not None and any(whole == _key(other) for other in catalogue.thresholds):
            raise _refuse("catalogue.overlap", line.location, id=line.id, other=line.province)
    for group in groups.values():
        for earlier, later in pairwise(sorted(group, key=lambda item: item[0] or date.min)):
            if earlier[1] is None or earlier[1] >= (later[0] or date.min):
                raise _refuse("catalogue.overlap", later[3], id=later[2], other=earlier[2])


def _key(line: Threshold) -> tuple[object, ...]:
    return line.offence, line.province, line.group, line.telecom
