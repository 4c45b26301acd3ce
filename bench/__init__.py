"""Measures Bixie's examiners on attacks and honest photos that are generated or collected, against baselines.

It stands outside the package: nothing in `bixie` imports it.
"""
