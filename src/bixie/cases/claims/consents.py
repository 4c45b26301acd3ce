"""What a buyer agrees to with a claim: the notices of the options that ask for it, in the version shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bixie.cases.claims.options import ClaimOptions, find_notice
from bixie.kit.messages import Language
from bixie.kit.validation import Fault

__all__ = ["Agreed", "consent_faults"]


@dataclass(frozen=True, slots=True)
class Agreed:
    """One notice that the buyer has agreed to.

    Parameters
    ----------
    code : str
        Key of the notice.
    text_version : str
        Of the text that was shown.
    language : {"zh", "en"}
        In which it was shown.
    """

    code: str
    text_version: str
    language: Language = "zh"


def consent_faults(agreed: Sequence[Agreed], options: ClaimOptions) -> Iterator[Fault]:
    """Yield what is wrong with consents: not asked for, given twice, or to a text of another day."""
    seen = set()
    for index, one in enumerate(agreed):
        notice = find_notice(options, one.code)
        if notice is None or not notice.consent or one.code in seen:
            yield Fault("claims.no_such_consent", ("consents", index, "code"), {"given": one.code})
        elif notice.version != one.text_version:
            values = {"version": notice.version}
            yield Fault("claims.consent_to_other_text", ("consents", index, "text_version"), values)
        seen.add(one.code)
