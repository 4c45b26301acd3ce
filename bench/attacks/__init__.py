"""Attacks on a known picture: damage painted in, marks drawn on, and the ways a picture travels to us.

Every generator takes a numpy random generator and is a pure function of its arguments.
"""
