"""What the demo refuses."""

from bixie.kit.errors import UsageError

__all__ = ["DemoError"]


class DemoError(UsageError):
    """The demo cannot use a folder.

    Codes: ``demo.not_a_demo``, ``demo.unreadable``, ``demo.in_use``.
    """

    package = "bixie.assembly.demo"
