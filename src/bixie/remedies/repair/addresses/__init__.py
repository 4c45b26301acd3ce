"""Addresses: text in, the division of China out, with the alternatives where it is in doubt."""

from bixie.remedies.repair.addresses.parsing import ParsedAddress, parse_address

__all__ = ["ParsedAddress", "parse_address"]
