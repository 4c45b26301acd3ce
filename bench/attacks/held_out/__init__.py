"""Damage and marks painted with other habits than `bench.attacks.damage` and `bench.attacks.annotation`.

An examiner that was trained or calibrated on one painter's shapes, colours and line widths may know the
painter rather than the damage. What is painted here is only ever measured: nothing may be trained or
calibrated on it. It therefore shares no painter, noise or palette with the other modules, only their letters
and the definition of what is visibly changed.

It is not a stranger all the same: failures on an earlier version of it were looked at before
`training/pens.py` and `wounds.py` were settled, and the rule of `derivation/template.py` was chosen
among some with its templates around pictures of the calibration split.
"""
