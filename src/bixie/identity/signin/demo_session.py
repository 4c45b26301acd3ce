"""Sessions without a password: for the people of the demo, who are invented and live on this machine only.

Only `bixie.assembly.demo` may import this; a test holds it.
"""

import secrets

from bixie.access.tenancy import writing
from bixie.identity import repository
from bixie.identity.authentication import authenticator
from bixie.identity.errors import NotThereError
from bixie.identity.signin.recording import record_sign_in
from bixie.identity.signin.sessions import start_session
from bixie.identity.tokens import SessionText, new_secret
from bixie.kit.ids import Entropy
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.unit_of_work import Store

__all__ = ["open_demo_session"]


def open_demo_session(
    store: Store,
    tenant: str,
    person_id: str,
    clock: Clock = utc_now,
    entropy: Entropy = secrets.token_bytes,
) -> str:
    """Start a session of a person of the demo; return its token. It is on record like any other.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``, also for who was disabled.
    """
    text = SessionText(tenant, new_secret(entropy))
    with writing(store, authenticator(tenant)) as session:
        person = repository.locked_person(session, person_id)
        if person is None or person.disabled_at is not None:
            raise NotThereError("identity.no_such_person")
        rows = (person, start_session(session, person, text, clock))
        record_sign_in(session, rows, "", {"second_factor": None, "known_device": False, "demo": True}, clock)
    return str(text)
