"""Verifies a package offline, from the file and what its reader trusts.

Two more verifiers travel inside of every package (`bixie.dossier.inside`); all three print the same lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.x509 import Certificate

from bixie.dossier.verification import file_checks, ledger_checks, stamp_checks
from bixie.dossier.verification.checks import ORDER, Check, State, Verification, unchecked
from bixie.dossier.verification.opened import Opened
from bixie.kit.progress import Progress, no_progress
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.signing import PublicKey

__all__ = ["Check", "State", "Trusted", "Verification", "verify_package"]


@dataclass(frozen=True, slots=True)
class Trusted:
    """What the reader trusts.

    Parameters
    ----------
    roots : tuple of Certificate
        Of time-stamp authorities; without them no stamp's signer is verified.
    keys : tuple of PublicKey
        Of services that seal packages; without them a package made anew by somebody else looks the same.
    now : callable
        The reader's clock.
    """

    roots: tuple[Certificate, ...] = ()
    keys: tuple[PublicKey, ...] = ()
    now: Clock = utc_now


def verify_package(
    file: Path | BinaryIO, trusted: Trusted | None = None, progress: Progress = no_progress
) -> Verification:
    """Return what holds and what does not, one line a check.

    Parameters
    ----------
    file : Path or BinaryIO
        Read piece by piece; memory does not grow with it.
    trusted : Trusted, optional
        Nothing, when left out: what needs trust stays unchecked.
    progress : callable

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return verify_package(opened, trusted, progress)
    lines, package = file_checks.open_package(file)
    if package is None:
        return _ended(lines)
    lines.append(file_checks.files(package, progress))
    if lines[-1].state is not State.FAULT:
        lines.append(ledger_checks.events(package))
    if lines[-1].state is State.FAULT:
        return _ended(lines)
    return Verification([*lines, *_about_ledger(package, trusted or Trusted())])


def _about_ledger(package: Opened, trusted: Trusted) -> Iterator[Check]:
    yield ledger_checks.checkpoint(package)
    yield ledger_checks.key(package, trusted.keys)
    yield ledger_checks.exhibits(package)
    yield ledger_checks.openings(package)
    yield stamp_checks.timestamps(package, trusted.roots)
    yield stamp_checks.clock(package, trusted.now())


def _ended(lines: list[Check]) -> Verification:
    """Return the lines with those that cannot be asked any more."""
    return Verification([*lines, *(unchecked(name, "not_reached") for name in ORDER[len(lines) :])])
