"""Policy packs: dated sets of rules as data, an evaluator of facts, records that can be replayed.

A pack says who pays what without a person, when a person is required and how long each side has. It decides
nothing by itself: a person confirms every refusal.
"""

from bixie.policies.backtesting import Backtest, backtest
from bixie.policies.errors import PackError, PolicyError
from bixie.policies.evaluation import Evaluation, FiredRule, evaluate
from bixie.policies.facts import Facts
from bixie.policies.loading import builtin_packs, load_pack, parse_pack, read_pack
from bixie.policies.pack import Pack
from bixie.policies.records import PackKey, Record, Replay, read_record, record_of, replay
from bixie.policies.terms import Terms

__all__ = [
    "Backtest",
    "Evaluation",
    "Facts",
    "FiredRule",
    "Pack",
    "PackError",
    "PackKey",
    "PolicyError",
    "Record",
    "Replay",
    "Terms",
    "backtest",
    "builtin_packs",
    "evaluate",
    "load_pack",
    "parse_pack",
    "read_pack",
    "read_record",
    "record_of",
    "replay",
]
