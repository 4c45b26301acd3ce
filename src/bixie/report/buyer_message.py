"""What a clerk may write to the buyer: polite, about what is needed, never about what was found."""

from bixie.examiners.results import ClaimResult, ExhibitResult, Verdict
from bixie.kit.messages import Text, catalogue

__all__ = ["buyer_message"]

_ANOTHER_PHOTO = frozenset({Verdict.REFUTED, Verdict.SUSPECT})


def buyer_message(result: ClaimResult) -> Text:
    """Return a message for the buyer.

    A claim whose files leave something open is answered by asking for other photos, in the same words
    whatever was found: the message must be right for a buyer who did nothing wrong.

    Parameters
    ----------
    result : ClaimResult
    """
    verdicts = [exhibit.verdict for exhibit in result.exhibits]
    readable = [verdict for verdict in verdicts if verdict is not Verdict.UNREADABLE]
    if not readable:
        key = "buyer_message.send_again"
    elif _ANOTHER_PHOTO.intersection(readable) or any(map(_asks_for_photo, result.exhibits)):
        key = "buyer_message.another_photo"
    elif len(readable) < len(verdicts):
        key = "buyer_message.some_unreadable"
    else:
        key = "buyer_message.received"
    return catalogue("bixie.report").text(key)


def _asks_for_photo(exhibit: ExhibitResult) -> bool:
    """Return whether a file shows something other than the goods as they arrived, such as the listing."""
    codes = {finding.code for finding in exhibit.findings}
    return any(codes.intersection(one.asks_for_photo) for one in exhibit.presentations.values())
