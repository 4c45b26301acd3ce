"""``/c/{link}``: the pages of a buyer, who has a signed link and no account."""
