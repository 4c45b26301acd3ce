"""Examiner `derivation`: was this photo made from a picture we know, and what was changed in it?"""
