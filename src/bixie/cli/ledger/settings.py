"""What ``bixie doctor`` says about the ledger of the store that the settings name: key and witnesses."""

from pathlib import Path
from typing import Any

from bixie.kit.errors import BixieError
from bixie.kit.messages import Text, catalogue

__all__ = ["ledger_settings"]


def ledger_settings() -> dict[str, Any] | None:
    """Return the key's file, the witnesses and what is missing; None where the settings name no store.

    Neither the database nor a witness is contacted.
    """
    from bixie.assembly.witnesses import witnesses_named  # noqa: PLC0415
    from bixie.ledger.signing import KeyFile  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    said = catalogue("bixie.cli")
    file, names, notes = None, [], []
    try:
        location = Location.find()
        if location.url.get_backend_name() == "sqlite" and not Path(str(location.url.database)).is_file():
            return None
        file = KeyFile.find(location)
        notes += _about_key(file)
        names = [one.name for one in witnesses_named()]
        if not names:
            notes.append(said.text("doctor.ledger.no_witness"))
    except BixieError as error:
        notes.append(error.text)
    return {
        "key": str(file.path.absolute()) if file else None,
        "key_beside_store": bool(file and file.beside_store),
        "witnesses": names,
        "notes": [note.to_dict() for note in notes],
    }


def _about_key(file: Any) -> list[Text]:
    said = catalogue("bixie.cli")
    if file is None:
        return [said.text("doctor.ledger.no_key")]
    notes = [said.text("doctor.ledger.key_beside")] if file.beside_store else []
    if file.signer() is not None and file.path.stat().st_mode & 0o077:
        notes.append(said.text("doctor.ledger.key_open", path=str(file.path)))
    return notes
