"""Detect where a linked pair differs: alignment, change network, damage told from annotations.

A constant that names no command was set by hand; ``python -m bench derivation`` measures what all of them
give together.
"""
