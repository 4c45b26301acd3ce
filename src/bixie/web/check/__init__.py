"""The page to drop photos on: ``bixie open`` serves it without a store, the service at ``/check``."""
