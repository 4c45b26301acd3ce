"""Register a known picture with an exhibit: keypoints, homographies, agreement patch by patch.

A constant that names no command was set by hand; ``python -m bench derivation`` measures what all of them
give together.
"""
