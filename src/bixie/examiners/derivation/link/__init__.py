"""Decide whether a registered pair is one photograph: evidence, likelihood ratio, relation.

``python -m training.calibration`` fits the weights and levels. A constant that names no command was set by
hand; ``python -m bench derivation`` measures what all of them give together.
"""
