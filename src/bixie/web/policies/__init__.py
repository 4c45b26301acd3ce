"""Pages of the rules: packs with their versions, differences in words, golden cases, back-tests."""
