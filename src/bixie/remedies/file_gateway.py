"""The gateway of a store without another one: a folder with one file for each order.

A person or a program of the shop carries out what is in the files and confirms it.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bixie.kit.ids import is_id
from bixie.remedies.gateway import GatewayAnswer, RemedyOrder
from bixie.store.disk import file_refusals, write_whole

__all__ = ["FOLDER", "FileGateway"]

FOLDER = "remedies"
"""Name of the folder in that of the store."""


@dataclass(frozen=True, slots=True)
class FileGateway:
    """A folder that gets a file ``<id>.json`` for each order.

    Parameters
    ----------
    folder : Path
        Made with the first order.
    """

    folder: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder.absolute())

    def send(self, order: RemedyOrder, moment: datetime) -> GatewayAnswer:
        """Write the file, unless it is there: whole and on disk, or not at all. See `RemedyGateway.send`.

        Raises
        ------
        StoreError
            ``store.full`` or ``store.files``.
        """
        if not is_id("remedy", order.id):
            raise ValueError(order.id)
        path = self.folder / f"{order.id}.json"
        with file_refusals():
            if not path.exists():
                write_whole(path, order.encoded() + b"\n", mode=0o600)
        return GatewayAnswer()
