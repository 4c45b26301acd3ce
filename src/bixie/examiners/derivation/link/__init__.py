"""Decide whether a registered pair is one photograph: evidence, likelihood ratio, relation."""
