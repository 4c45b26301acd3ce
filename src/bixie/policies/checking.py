"""Checks of a pack beyond its shape: references, contradictions, the floor that the law sets, golden cases.

Every fault is found, not only the first.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from bixie.law.entries import Catalogue
from bixie.policies.evaluation import evaluate
from bixie.policies.facts import REFUND_ONLY_ON_SILENCE, Facts
from bixie.policies.pack import GoldenCase, Pack, Rule
from bixie.policies.satisfiability import Demand, TooEntangledError, Witnesses

__all__ = ["Fault", "Vocabulary", "differences_of", "faults_of_pack"]

_FLOOR: dict[str, tuple[Any, ...]] = {
    # PLAT-27: a merchant pays without a return by choice only.
    "policy.forces_refund_only": (
        "outcome_refund",
        {"not": "merchant_consents"},
        {
            "any": [
                {"all": ["basis_policy", {"not": "merchant_opted_refund_only"}]},
                {"all": ["basis_silence", {"not": "merchant_opted_refund_only_on_silence"}]},
            ]
        },
    ),
    # PLAT-APPEAL, CS-47746: a person confirms what goes against the buyer.
    "policy.refuses_without_person": ("outcome_refuse",),
    # PLAT-APPEAL: whoever asks for a person gets one.
    "policy.denies_person": ("buyer_asks_person",),
}
"""What no pack may let stand without a person, whatever its rules say."""


class Vocabulary(NamedTuple):
    """The words that packs may use for reasons, views and categories; None: any.

    Parameters
    ----------
    reasons : collection of str or None
        Keys of a buyer's reasons.
    roles : collection of str or None
        What an exhibit can show.
    categories : collection of str or None
        Keys of the categories of goods.
    """

    reasons: Collection[str] | None = None
    roles: Collection[str] | None = None
    categories: Collection[str] | None = None


class Fault(NamedTuple):
    """One fault of a pack.

    Parameters
    ----------
    path : list of str and int
        Where in the document.
    code : str
        Of the room's `messages.toml`.
    values : dict
        What its sentence needs, but for the place.
    """

    path: list[str | int]
    code: str
    values: dict[str, Any]


def faults_of_pack(pack: Pack, catalogue: Catalogue, vocabulary: Vocabulary) -> list[Fault]:
    """Return everything that is wrong with a pack whose shape is right.

    Parameters
    ----------
    pack : Pack
    catalogue : Catalogue
        Of the law, which rules cite.
    vocabulary : Vocabulary
    """
    faults = [
        *_dates(pack),
        *_silence(pack),
        *_repeated("rules", [rule.id for rule in pack.rules]),
        *_repeated("golden", [case.id for case in pack.golden]),
        *_words(pack, vocabulary),
        *_citations(pack, catalogue),
        *_precedence(pack),
        *_golden(pack),
    ]
    try:
        faults += _logic(pack)
    except TooEntangledError:
        faults.append(Fault(["rules"], "policy.too_entangled", {}))
    return faults


def _dates(pack: Pack) -> Iterator[Fault]:
    start, end = pack.effective_from, pack.effective_to
    if start and end and start > end:
        yield Fault([], "policy.dates_reversed", {"start": start, "end": end})


def _silence(pack: Pack) -> Iterator[Fault]:
    if pack.terms.on_silence.refund_only == "accept" and REFUND_ONLY_ON_SILENCE not in pack.options:
        place: list[str | int] = ["terms", "on_silence"]
        yield Fault(place, "policy.silence_without_option", {"option": REFUND_ONLY_ON_SILENCE})


def _repeated(section: str, names: Sequence[str]) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Fault([section, index], "policy.twice", {"id": name})


def _words(pack: Pack, vocabulary: Vocabulary) -> Iterator[Fault]:
    for reason, roles in pack.evidence.items():
        yield from _unknown(["evidence"], "policy.unknown_reason", [reason], vocabulary.reasons)
        yield from _unknown(["evidence"], "policy.unknown_role", roles, vocabulary.roles)
    limits = pack.limits
    yield from _unknown(["limits"], "policy.unknown_reason", limits.person_reasons, vocabulary.reasons)
    listed = limits.person_categories
    yield from _unknown(["limits"], "policy.unknown_category", listed, vocabulary.categories)
    for index, case in enumerate(pack.golden):
        place: list[str | int] = ["golden", index, "facts"]
        reasons = () if case.facts.reason is None else (case.facts.reason,)
        yield from _unknown(place, "policy.unknown_reason", reasons, vocabulary.reasons)
        yield from _unknown(place, "policy.unknown_role", case.facts.exhibit_roles or (), vocabulary.roles)


def _unknown(
    path: list[str | int], code: str, names: Collection[str], known: Collection[str] | None
) -> Iterator[Fault]:
    for name in names:
        if known is not None and name not in known:
            yield Fault(path, code, {"name": name})


def _citations(pack: Pack, catalogue: Catalogue) -> Iterator[Fault]:
    for index, rule in enumerate(pack.rules):
        for cited in rule.law:
            entry = catalogue.rules.get(cited)
            if entry is None:
                yield Fault(["rules", index], "policy.unknown_law", {"name": cited})
                continue
            ended = pack.effective_from and entry.end and entry.end < pack.effective_from
            yet_to_begin = pack.effective_to and entry.start and entry.start > pack.effective_to
            if ended or yet_to_begin:
                yield Fault(["rules", index], "policy.law_not_in_force", {"name": cited})


def _precedence(pack: Pack) -> Iterator[Fault]:
    effects = {rule.id: rule.effect for rule in pack.rules}
    for index, rule in enumerate(pack.rules):
        if rule.yields_to and rule.effect != "permit_without_person":
            yield Fault(["rules", index], "policy.only_permissions_yield", {"id": rule.id})
        for name in rule.yields_to:
            if effects.get(name, "permit_without_person") == "permit_without_person":
                yield Fault(["rules", index], "policy.unknown_rule", {"name": name})


def _golden(pack: Pack) -> Iterator[Fault]:
    for index, case in enumerate(pack.golden):
        for key, expected, found in differences_of(pack, case):
            values = {"id": case.id, "result": key, "expected": expected, "found": found}
            yield Fault(["golden", index], "policy.golden_fails", values)


def differences_of(pack: Pack, case: GoldenCase) -> Iterator[tuple[str, str, str]]:
    """Yield where a golden case comes to something else than it must: what, expected, found."""
    found = evaluate(pack, case.facts)
    came_to: dict[str, Any] = {
        "permitted": found.permitted,
        "person_required": found.person_required,
        "second_review_required": found.second_review_required,
        "objections": sorted(found.objections),
        "rules": sorted(rule.id for rule in found.rules),
    }
    for key, expected in case.expect:
        if expected is None:
            continue
        wanted = sorted(expected) if isinstance(expected, tuple) else expected
        if wanted != came_to[key]:
            yield key, _shown(wanted), _shown(came_to[key])


def _shown(value: bool | list[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) or "[]"


def _logic(pack: Pack) -> Iterator[Fault]:
    witnesses = Witnesses(pack)
    for index, rule in enumerate(pack.rules):
        if witnesses.find(Demand(rule.when)) is None:
            yield Fault(["rules", index], "policy.never_fires", {"id": rule.id})
        elif rule.effect == "permit_without_person":
            yield from _permission(pack, index, rule, witnesses)


def _permission(pack: Pack, index: int, rule: Rule, witnesses: Witnesses) -> Iterator[Fault]:
    """Yield why a permission is wrong: it contradicts a rule, never counts, or allows what no pack may."""
    guards = [other for other in pack.rules if other.effect != "permit_without_person"]
    for guard in guards:
        if guard.id not in rule.yields_to:
            both = witnesses.find(Demand(rule.when), Demand(guard.when))
            if both is not None:
                values = {"id": rule.id, "other": guard.id, "example": _example(both)}
                yield Fault(["rules", index], "policy.contradiction", values)
    lifted = [Demand(guard.when, False) for guard in guards]
    if witnesses.find(Demand(rule.when), *lifted) is None:
        yield Fault(["rules", index], "policy.never_counts", {"id": rule.id})
    for code, names in _FLOOR.items():
        unconfirmed = Demand("confirmed_by_person", False)
        against = witnesses.find(Demand({"all": list(names)}), unconfirmed, Demand(rule.when), *lifted)
        if against is not None:
            yield Fault(["rules", index], code, {"id": rule.id, "example": _example(against)})


def _example(facts: Facts) -> str:
    return ", ".join(f"{key}: {_word(value)}" for key, value in facts.as_dict().items())


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)
