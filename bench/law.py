"""The part ``law``: fact sets assessed a second, alone and with their texts, beside reading the same JSON."""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.markdown import Table
from bench.run_file import write_run
from bixie.law import Facts, assess, assessment_document, parse_facts
from bixie.law.provinces import PROVINCES

__all__ = ["add_arguments", "fact_sets", "law", "tables"]

_ON = date(2026, 6, 1)
_SEED = 20260601


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``law``."""
    parser.add_argument("--sets", type=int, default=5000, help="fact sets")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="law_json")


def law(options: argparse.Namespace) -> int:
    """Measure and print."""
    texts = [json.dumps(document) for document in fact_sets(options.sets)]
    facts = [parse_facts(json.loads(text), _ON) for text in texts]
    assess(facts[0], _ON)  # the catalogue is read once
    numbers = {
        "sets": len(facts),
        "acts": dict(sorted(Counter(len(one.acts or ()) for one in facts).items())),
        "statuses": _statuses(facts),
        "json_a_second": _rate(json.loads, texts),
        "read_a_second": _rate(lambda text: parse_facts(json.loads(text), _ON), texts),
        "assessed_a_second": _rate(lambda one: assess(one, _ON), facts),
        "with_texts_a_second": _rate(lambda one: assessment_document(assess(one, _ON)), facts),
    }
    print(tables(numbers)[0].text())
    write_run(options.law_json, "law", {"numbers": numbers})
    return 0


def tables(numbers: dict[str, Any]) -> list[Table]:
    """Return the table of a run."""
    rows = {
        f"fact sets assessed a second, of {numbers['sets']:,}": ("assessed_a_second", "≥ 2,000"),
        "the same with all texts of the document, both languages": ("with_texts_a_second", ""),
        "fact sets read and checked a second": ("read_a_second", ""),
        "the same JSON only parsed, a second": ("json_a_second", ""),
    }
    lines = [[words, target, f"{numbers[key]:,}"] for words, (key, target) in rows.items()]
    return [Table("", ["what", "target", "measured"], lines)]


def fact_sets(count: int) -> list[dict[str, Any]]:
    """Return fact sets drawn alike on every machine: one to six acts, about a third of the facts unknown."""
    draw = random.Random(_SEED)
    return [_fact_set(draw) for _ in range(count)]


def _fact_set(draw: random.Random) -> dict[str, Any]:
    def maybe(*values: Any) -> Any:
        return draw.choice([*values, None])

    acts = [
        {
            "id": str(number),
            "date": (_ON - timedelta(days=draw.randrange(1, 900))).isoformat(),
            "amount_obtained": draw.choice([0, 43, 195, 899, 1600, 4500, 6400, 12000]),
            "processed": maybe(True, False, False, False),
            "platform_auto_refund": maybe(True, False),
        }
        for number in range(draw.choice([1, 1, 1, 2, 3, 6]))
    ]
    return {
        "acts": acts,
        "intent": {"fabricated_evidence": maybe(True, True, False), "continuous": maybe(True, False)},
        "person": {"age": maybe(15, 17, 30, 30), "is_operator": maybe(False)},
        "place": {"province": maybe(*sorted(PROVINCES))},
        "mode": {"telecom": draw.choice(["yes", "no", "no", "unknown"]), "threat": maybe(True, False, False)},
    }


def _statuses(facts: Sequence[Facts]) -> dict[str, int]:
    counted = Counter(one.status for each in facts for one in assess(each, _ON).qualifications)
    return dict(sorted(counted.items()))


def _rate(work: Callable[[Any], object], inputs: Sequence[Any]) -> int:
    began = time.perf_counter()
    for one in inputs:
        work(one)
    return round(len(inputs) / (time.perf_counter() - began))
