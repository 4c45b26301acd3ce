"""Who has a case open at this moment, so that two people of one side see each other."""
