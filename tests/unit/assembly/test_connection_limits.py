"""How many connections fit, and the settings that say otherwise."""

import pytest

from bixie.assembly.connection_limits import ConnectionLimits, connections_for
from bixie.kit.errors import SettingError


@pytest.mark.parametrize("open_files", [16, 64, 256, 1024, 20_000])
def test_connections_leave_room_for_other_files(open_files):
    assert 1 <= connections_for(open_files) <= open_files // 2


def test_settings_come_before_defaults():
    found = ConnectionLimits.from_environment({"BIXIE_CONNECTION_COUNT": "7"})
    assert (found.count, found.idle_seconds) == (7, ConnectionLimits().idle_seconds)


@pytest.mark.parametrize("value", ["0", "-1", "many", ""])
def test_a_setting_that_is_no_number_is_refused(value):
    with pytest.raises(SettingError, match="not_a_number"):
        ConnectionLimits.from_environment({"BIXIE_CONNECTION_IDLE_SECONDS": value})
