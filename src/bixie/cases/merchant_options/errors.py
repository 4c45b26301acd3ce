"""What is refused about a merchant's options.

::

    BixieError
    └── MerchantOptionError     the option cannot be set so
        ├── NoSuchOptionError     there is no such option
        └── NotYourOptionError    only the merchant's own admin sets it
"""

from bixie.kit.errors import BixieError

__all__ = ["MerchantOptionError", "NoSuchOptionError", "NotYourOptionError"]


class MerchantOptionError(BixieError):
    """The option cannot be set so."""

    package = "bixie.cases.merchant_options"
    status = 422


class NoSuchOptionError(MerchantOptionError):
    """There is no such option."""

    status = 404


class NotYourOptionError(MerchantOptionError):
    """Only the merchant's own admin sets it: no platform opts in for a merchant."""

    status = 403
