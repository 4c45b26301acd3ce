"""The papers that people must write: templates as data, filled from the case, every field with its source.

What is not known is an empty line with a question, never a guess. A paper is one file in ``papers/``.
"""
