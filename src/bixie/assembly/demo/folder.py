"""The folder of a demo: what it remembers beside its store, and who may use it.

``demo.json`` says when the demo was made, in which language and for which tenant. It is written before all
else, so that a start that was cut off goes on with the same story. ``demo-keys.json`` has the keys.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bixie.assembly.demo.errors import DemoError
from bixie.identity.service import founder
from bixie.kit.file_lock import FileLock
from bixie.kit.messages import Language
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.store.disk import file_refusals, make_folder, write_whole

__all__ = ["DemoFolder", "Made"]

KEYS = "demo-keys.json"
"""Name of the file with the keys."""
_MADE = "demo.json"
_LOCK = "demo.lock"
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Made:
    """What a demo remembers.

    Parameters
    ----------
    tenant : str
        Id of its tenant.
    began_at : str
        When it was made; the story lies before.
    language : {"zh", "en"}
        Of its messages.
    seeded : bool
        Whether the whole story was told.
    """

    tenant: str
    began_at: str
    language: Language
    seeded: bool = False


class DemoFolder:
    """The folder of a demo.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other demos out of the folder.

        Raises
        ------
        DemoError
            ``demo.in_use``.
        """
        with file_refusals():
            make_folder(self.path)
        lock = FileLock.try_acquire(self.path / _LOCK)
        if lock is None:
            raise DemoError("demo.in_use", folder=self.path)
        try:
            yield
        finally:
            lock.release()

    def made(self, language: Language, *, has_store: bool, clock: Clock = utc_now) -> Made:
        """Return what the demo remembers; a new one begins now, in a language.

        Raises
        ------
        DemoError
            ``demo.not_a_demo`` for a store of another program, ``demo.unreadable``.
        """
        file = self.path / _MADE
        if file.exists():
            return self._read(file)
        if has_store:
            raise DemoError("demo.not_a_demo", folder=self.path)
        made = Made(founder(clock).tenant, format_timestamp(clock()), language)
        self._write(_MADE, asdict(made))
        return made

    def finish(self, made: Made) -> Made:
        """Remember that the whole story was told."""
        done = replace(made, seeded=True)
        self._write(_MADE, asdict(done))
        return done

    def keys(self) -> dict[str, str]:
        """Return the keys of the file, by name; none where there is no file or it is damaged."""
        try:
            found = json.loads((self.path / KEYS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {name: key for name, key in found.items() if isinstance(key, str)}

    def write_keys(self, keys: dict[str, str]) -> None:
        """Write the keys, for their owner only."""
        self._write(KEYS, keys)

    def _read(self, file: Path) -> Made:
        try:
            return Made(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise DemoError("demo.unreadable", file=file.name, folder=self.path) from error

    def _write(self, name: str, content: object) -> None:
        data = json.dumps(content, indent=1).encode() + b"\n"
        with file_refusals():
            write_whole(self.path / name, data, _PRIVATE)
