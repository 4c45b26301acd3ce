"""Reviews: who takes up which case next, second opinions, and who must keep away from a case."""
