"""Detect where a linked pair differs: alignment, change network, damage told from annotations."""
