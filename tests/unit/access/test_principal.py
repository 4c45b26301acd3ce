import pytest

from bixie.access.principal import Principal, Role


def test_a_principal_belongs_to_a_tenant_and_perhaps_to_a_party():
    clerk = Principal("tenant_1", "person_1", Role.CLERK, party="party_1")
    assert (clerk.tenant, clerk.party) == ("tenant_1", "party_1")
    assert Principal("tenant_1", "key_1", Role.API_KEY).party is None


@pytest.mark.parametrize(("tenant", "identity"), [("", "person_1"), ("tenant_1", "")])
def test_nobody_acts_without_a_tenant_or_a_name(tenant, identity):
    with pytest.raises(ValueError, match="tenant and an id"):
        Principal(tenant, identity, Role.ADMIN)
