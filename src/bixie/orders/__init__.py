"""What the shop knows of an order: what was sold, to be held against what was claimed."""
