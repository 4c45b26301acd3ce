"""Ground floor: what every room needs and no room owns. Imports nothing of Bixie above it."""
