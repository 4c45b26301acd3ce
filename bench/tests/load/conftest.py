"""The stores of the integration tests, on both databases."""

from tests.integration.conftest import (
    location,
    postgresql_server,
    postgresql_template,
    sqlite_template,
    store,
)

__all__ = ["location", "postgresql_server", "postgresql_template", "sqlite_template", "store"]
