"""Claims and their cases: what is asked for, what both sides say, who owes what by when, the decision."""
