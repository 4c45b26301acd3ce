"""The service: mounts each room's endpoints and answers every call, also the wrong ones, in one way."""
