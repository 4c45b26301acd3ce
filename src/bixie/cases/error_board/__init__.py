"""The error board: how often an appeal changed a decision, by pack, rule, basis and evidence verdict."""
