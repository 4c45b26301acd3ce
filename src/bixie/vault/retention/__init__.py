"""How long exhibits are kept, what holds them, and how they are erased."""
