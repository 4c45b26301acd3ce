"""Makes a checkpoint after a command has changed something."""

from typing import TYPE_CHECKING

from bixie.cli.console import complain
from bixie.cli.language import say
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.access.principal import Principal
    from bixie.ledger.rules import Checkpoint
    from bixie.store.unit_of_work import Store

__all__ = ["make_checkpoint"]


def make_checkpoint(store: "Store", principal: "Principal", language: Language) -> "Checkpoint | None":
    """Make a checkpoint; without the key only warn: what was recorded is safe, and one follows later."""
    from bixie.access.tenancy import writing  # noqa: PLC0415
    from bixie.ledger.errors import NoKeyError  # noqa: PLC0415
    from bixie.ledger.service import checkpoint  # noqa: PLC0415

    try:
        with writing(store, principal) as session:
            return checkpoint(session)
    except NoKeyError as error:
        complain(say("warning", language, message=error.text.in_(language)))
        return None
