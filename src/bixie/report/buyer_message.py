"""What a clerk may write to the buyer: polite, about what is needed, never about what was found."""

from collections.abc import Sequence

from bixie.examiners.results import ClaimResult, ExhibitResult, Finding, Grade, Verdict
from bixie.kit.messages import Text, catalogue
from bixie.report.wording import CUT_OFF

__all__ = ["buyer_message", "message_called", "message_name"]


def buyer_message(result: ClaimResult) -> Text:
    """Return a message for the buyer.

    It asks for what would settle the claim: other photos, the original file, or a file sent once more.
    What was found is never said: the message must be right for a buyer who did nothing wrong.

    Parameters
    ----------
    result : ClaimResult
    """
    return message_called(message_name(result.exhibits))


def message_called(name: str) -> Text:
    """Return the message that `message_name` names.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    return catalogue("bixie.report").text(f"buyer_message.{name}")


def message_name(exhibits: Sequence[ExhibitResult]) -> str:
    """Return the name of the message about these exhibits; the sentence itself is in `message_called`."""
    readable = [one for one in exhibits if one.verdict is not Verdict.UNREADABLE]
    if not readable:
        return "send_again"
    if any(map(_needs_another_photo, readable)):
        return "another_photo"
    if any(one.verdict is Verdict.SUSPECT or _is_open(one) for one in readable):
        return "original"
    if any(warning.code in CUT_OFF for one in readable for warning in one.warnings):
        return "cut_off"
    return "received" if len(readable) == len(exhibits) else "some_unreadable"


def _needs_another_photo(exhibit: ExhibitResult) -> bool:
    """Return whether the file itself, also as an original, would not show the goods as they arrived."""
    if exhibit.verdict is Verdict.REFUTED:
        return True
    if exhibit.verdict is Verdict.SUSPECT and any(_compares(finding) for finding in exhibit.findings):
        return True
    codes = {finding.code for finding in exhibit.findings}
    return any(codes.intersection(one.asks_for_photo) for one in exhibit.presentations.values())


def _is_open(exhibit: ExhibitResult) -> bool:
    """Return whether the file may be one photograph with a known picture: an original may settle it."""
    return any(one.grade is Grade.STATISTICAL and _compares(one) for one in exhibit.findings)


def _compares(finding: Finding) -> bool:
    return finding.known is not None and finding.grade is not Grade.INFORMATIVE
