"""The page of the demo: explains the invented shops and steps into each role."""
