"""The law on the date of an act: an effective-dated catalogue as data, and an evaluator of facts.

Everything it says is a possible qualification for a person's review, never a finding.
"""
