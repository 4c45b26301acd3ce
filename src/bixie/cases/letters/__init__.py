"""Decision letters: what was asked, what is decided, by which rules, and what comes next, for one side."""
