"""A slow Merkle tree, straight from the definitions in RFC 9162, to hold the quick one against."""

import hashlib


def entries(count):
    return [f"entry {number}".encode() for number in range(count)]


def root(items):
    if not items:
        return hashlib.sha256(b"").digest()
    if len(items) == 1:
        return hashlib.sha256(b"\x00" + items[0]).digest()
    half = split(len(items))
    return hashlib.sha256(b"\x01" + root(items[:half]) + root(items[half:])).digest()


def split(count):
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def path(index, items):
    if len(items) == 1:
        return []
    half = split(len(items))
    if index < half:
        return [*path(index, items[:half]), root(items[half:])]
    return [*path(index - half, items[half:]), root(items[:half])]


def consistency(first, items, whole=True):
    if first == len(items):
        return [] if whole else [root(items)]
    half = split(len(items))
    if first <= half:
        return [*consistency(first, items[:half], whole), root(items[half:])]
    return [*consistency(first - half, items[half:], False), root(items[:half])]


def node(items):
    """Answer for complete subtrees, as the quick functions ask."""
    return lambda level, position: root(items[position << level : (position + 1) << level])
