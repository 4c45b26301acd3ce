"""A service put together from settings."""

import pytest

from bixie.assembly.jobs import periodic_tasks
from bixie.assembly.service import TRUSTED_PROXIES, open_service, trusted_proxies
from bixie.kit.errors import SettingError
from bixie.store.settings import Location


@pytest.mark.parametrize("setting", ["", "127.0.0.1", "127.0.0.1, 10.0.0.0/8", "::1,fd00::/8"])
def test_addresses_and_networks_of_proxies_are_taken_as_they_are(setting):
    assert trusted_proxies({TRUSTED_PROXIES: setting}) == setting


@pytest.mark.parametrize("setting", ["proxy.example", "127.0.0.1,10.0.0.0/99"])
def test_a_proxy_by_name_is_a_wrong_setting(setting):
    with pytest.raises(SettingError) as refused:
        trusted_proxies({TRUSTED_PROXIES: setting})
    assert refused.value.code == "setting.not_a_network"


def test_a_wrong_delay_of_examinations_is_refused_at_the_start(tmp_path, monkeypatch):
    monkeypatch.setenv("BIXIE_EXAMINATION_DELAY", "soon")
    location = Location.find(str(tmp_path / "data"), environment={})
    with pytest.raises(SettingError, match=r"setting\.not_seconds"), open_service(location, "127.0.0.1", "0"):
        pass
    with pytest.raises(SettingError, match=r"setting\.not_seconds"):
        periodic_tasks(None, location)
