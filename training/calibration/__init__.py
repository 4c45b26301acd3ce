"""Fit the weights with which `derivation` tells one photograph from two, and write them where it reads them.

Repeat: ``python -m training.calibration`` (half an hour on one core; needs the full material). Weights come
from the training split, thresholds from both; the test split is not touched.
"""
