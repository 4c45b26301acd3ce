"""Limits that a child process sets on itself. What a system does not have is left out."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["ALLOWS_MEMORY_LIMIT", "Memory", "become_first_victim", "end_after", "take_over_signals"]

ALLOWS_MEMORY_LIMIT = sys.platform == "linux"
"""Whether the memory of a child can be limited; elsewhere its time is the only limit."""

_STATUS, _OOM_SCORE = Path("/proc/self/status"), Path("/proc/self/oom_score_adj")
_OOM_VICTIM = "800"
_KIB = 1024


class Memory:
    """The memory of this process beyond what it uses now.

    ``RLIMIT_DATA`` counts what is private and writable (Linux 4.7), so neither the code of libraries nor
    address space that is only reserved. It is counted on top of what the program needs by itself, which grows
    with the number of cores: each thread of a numerical library has its stack and buffers.
    """

    def __init__(self) -> None:
        self._data, self._address_space = _used()

    def limit(self, allowance: int) -> int:
        """Let this process take `allowance` bytes more than when this object was made.

        Returns
        -------
        int
            What it can take: less than `allowance` where its own limits (``ulimit -v``) are lower.
        """
        if sys.platform == "linux":
            import resource  # noqa: PLC0415 - not on every system

            unlimited = resource.RLIM_INFINITY
            _, hard = resource.getrlimit(resource.RLIMIT_DATA)
            if hard != unlimited:
                allowance = max(0, min(allowance, hard - self._data))
            resource.setrlimit(resource.RLIMIT_DATA, (self._data + allowance, hard))
            address_space, _ = resource.getrlimit(resource.RLIMIT_AS)
            if address_space != unlimited:
                allowance = max(0, min(allowance, address_space - self._address_space))
        return allowance


def become_first_victim() -> None:
    """Have the system end this process rather than its parent when memory runs out; write no core dumps."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - not on every system

        with suppress(OSError):  # a sandbox without it
            _OOM_SCORE.write_text(_OOM_VICTIM, encoding="ascii")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def take_over_signals() -> None:
    """Ignore what ends a whole process group or service, since the parent finishes its work first.

    The signal of `end_after` ends the process.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def end_after(seconds: float) -> None:
    """Have the system end this process after so long, whatever it is doing then; 0 takes that back."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _used() -> tuple[int, int]:
    """Return the private writable memory and the address space of this process, in bytes."""
    if not ALLOWS_MEMORY_LIMIT:
        return 0, 0
    lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    values = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    return int(values["VmData"][0]) * _KIB, int(values["VmSize"][0]) * _KIB
