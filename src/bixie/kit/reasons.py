"""Say in both languages why something of the system or of a parser failed.

Python's own messages are English, and name numbers that only its programmers know.
"""

import csv
import errno
import json
import re
from socket import gaierror

from bixie.kit.errors import describe_exception
from bixie.kit.messages import Text, catalogue

__all__ = ["plain_reason"]

_KEYS = {
    errno.ENOENT: "reason.missing",
    errno.ENOTDIR: "reason.missing",
    errno.ENAMETOOLONG: "reason.name_too_long",
    errno.EACCES: "reason.no_permission",
    errno.EPERM: "reason.no_permission",
    errno.EISDIR: "reason.folder",
    errno.EEXIST: "reason.exists",
    errno.ENOSPC: "reason.disk_full",
    errno.EDQUOT: "reason.disk_full",
    errno.EROFS: "reason.read_only",
    errno.ELOOP: "reason.link_loop",
    errno.EADDRINUSE: "reason.port_in_use",
    errno.EADDRNOTAVAIL: "reason.no_such_address",
    errno.ECONNREFUSED: "reason.connection_refused",
    errno.ECONNRESET: "reason.connection_lost",
    errno.EPIPE: "reason.connection_lost",
    errno.ETIMEDOUT: "reason.timeout",
    errno.EHOSTUNREACH: "reason.unreachable",
    errno.ENETUNREACH: "reason.unreachable",
}
_MAX_LENGTH = 200
_PLACE = re.compile(r"line (\d+),? column (\d+)")


def plain_reason(error: Exception) -> Text:
    """Return a phrase that says why: no such file, no permission, not JSON.

    Parameters
    ----------
    error : exception
        Of the operating system, or of a parser of JSON, TOML, CSV or text. Others are described by type and
        message, since nothing better is known.
    """
    if isinstance(error, OSError):
        return _of_system(error)
    return _of_parser(error) or _described(error)


def _of_parser(error: Exception) -> Text | None:
    words = catalogue("bixie.kit")
    if isinstance(error, UnicodeDecodeError):
        return words.text("reason.not_text", offset=error.start)
    if isinstance(error, json.JSONDecodeError):
        return words.text("reason.not_json", line=error.lineno, column=error.colno)
    if isinstance(error, csv.Error):
        return words.text("reason.not_csv")
    if isinstance(error, RecursionError):
        return words.text("reason.too_deep")
    if _is_called(error, "TOMLDecodeError") and (place := _PLACE.search(str(error))):
        return words.text("reason.not_toml", line=place[1], column=place[2])
    return None


def _of_system(error: OSError) -> Text:
    words = catalogue("bixie.kit")
    if isinstance(error, gaierror):
        return words.text("reason.no_such_host")
    if isinstance(error, TimeoutError):
        return words.text("reason.timeout")
    inner = getattr(error, "reason", None)  # urllib wraps what happened
    if isinstance(inner, OSError):
        return _of_system(inner)
    name = errno.errorcode.get(error.errno or 0)
    if name is None or error.errno is None or _is_called(error, "SSLError"):
        return _described(error)  # SSL and SMTP have numbers of their own
    return words.text(_KEYS.get(error.errno, "reason.system"), name=name)


def _described(error: Exception) -> Text:
    text = describe_exception(error)[:_MAX_LENGTH]
    return Text(en=text, zh=text)


def _is_called(error: Exception, name: str) -> bool:
    """Return whether an exception is of a class of this name, without importing the class."""
    return any(one.__name__ == name for one in type(error).__mro__)
