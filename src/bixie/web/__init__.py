"""The service: mounts each room's endpoints and answers every request, also a wrong one, in one way."""
