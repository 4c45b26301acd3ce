"""``bixie demo``: an invented shop with worked cases, seeded through the services and examined for real."""
