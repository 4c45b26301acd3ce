"""The verifiers that travel inside of every package: one for Python with openssl, one for a browser."""

from importlib import resources

__all__ = ["VERIFIERS", "verifier"]

VERIFIERS = ("verify.html", "verify.py")
"""Names of the files, as in the package."""


def verifier(name: str) -> bytes:
    """Return a verifier's source."""
    return resources.files(__name__).joinpath(name).read_bytes()
