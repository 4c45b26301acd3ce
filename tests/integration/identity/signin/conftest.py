"""A tenant whose clerk can sign in."""

import pytest
from tests.integration.identity.conftest import PASSWORD, QUICK

from bixie.access.tenancy import writing
from bixie.identity.signin.password_links import password_link, set_password


@pytest.fixture
def house(store, ours, clock):
    """Our tenant; its clerk has a password."""
    with writing(store, ours.admin) as session:
        token = password_link(session, ours.clerk_person.id, clock).token
    set_password(store, token, PASSWORD, clock, QUICK)
    return ours
