"""Examiner `derivation`: finds known pictures in an exhibit and what was changed in them."""
