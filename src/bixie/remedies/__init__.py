"""What a decision brings about outside of Bixie: each remedy is one order, sent under one key."""
