"""Repair: a technician at the door, as the remedy that costs neither side the goods."""
