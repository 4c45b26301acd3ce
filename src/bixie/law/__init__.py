"""The law on the date of an act: an effective-dated catalogue as data, and an evaluator of facts.

Every result is a possible qualification for a person's review, never a finding.

Examples
--------
>>> from datetime import date
>>> from bixie.law import assess, assessment_document, parse_facts
>>> facts = parse_facts({"acts": [{"date": "2026-03-10", "amount_obtained": "195.00"}]}, date(2026, 4, 1))
>>> assess(facts, date(2026, 4, 1)).of("PSAPL-58").status
'depends'
"""

from bixie.law.assessment import Assessment, Deadline, Flag, Qualification
from bixie.law.entries import Catalogue, Rule
from bixie.law.errors import CatalogueError, FactsError
from bixie.law.evaluation import assess
from bixie.law.facts import Act, Facts
from bixie.law.loading import catalogue_of_law, load_catalogue
from bixie.law.parsing import parse_facts, read_facts
from bixie.law.rendering import assessment_document

__all__ = [
    "Act",
    "Assessment",
    "Catalogue",
    "CatalogueError",
    "Deadline",
    "Facts",
    "FactsError",
    "Flag",
    "Qualification",
    "Rule",
    "assess",
    "assessment_document",
    "catalogue_of_law",
    "load_catalogue",
    "parse_facts",
    "read_facts",
]
