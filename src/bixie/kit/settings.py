"""Reads settings of the environment that are numbers."""

from bixie.kit.errors import SettingError

__all__ = ["positive"]


def positive(name: str, value: str) -> int:
    """Return the value of a setting that must be a whole number greater than zero.

    Parameters
    ----------
    name : str
        Of the environment variable.
    value : str

    Raises
    ------
    SettingError
        ``setting.not_a_number``.
    """
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number <= 0:
        raise SettingError("setting.not_a_number", name=name, value=value)
    return number
