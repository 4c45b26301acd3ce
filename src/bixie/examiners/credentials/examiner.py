"""The examiner `credentials`: reads the Content Credentials (C2PA) of a file, offline.

It answers four questions apart: does the signature hold, may the certificate sign credentials, is the signer
trusted, does the credential still fit the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bixie.examiners.credentials.claims import claims_of
from bixie.examiners.credentials.findings import (
    finding_elsewhere,
    finding_of_claims,
    finding_of_old_form,
    finding_of_remnant,
    not_applicable,
)
from bixie.examiners.credentials.manifest_store import FORMATS, read_manifest_store
from bixie.examiners.credentials.presentation import PRESENTATION
from bixie.examiners.credentials.remnants import StoreState, exceeds_limits, find_stores, named_in_xmp
from bixie.examiners.credentials.trust import trust_lists
from bixie.examiners.presentation import Presentation
from bixie.examiners.protocol import Container, Context, Statement
from bixie.imaging.limits import Limits
from bixie.kit.sanitise import sanitise_or_none
from bixie.kit.timestamps import Clock, utc_now

__all__ = ["EXAMINER", "CredentialsExaminer"]

_OTHER_FORMS = ("prerelease", "unsupported", "version")


@dataclass(frozen=True, slots=True)
class CredentialsExaminer:
    """Reads the Content Credentials of a file.

    Parameters
    ----------
    name : str
    presentation : Presentation
    clock : callable
        Tells whether a trust list is past its next update.
    """

    name: str = "credentials"
    presentation: Presentation = PRESENTATION
    clock: Clock = utc_now

    def examine_container(self, container: Container, context: Context) -> Iterable[Statement]:
        """Return one finding about the credential of the file, or why there is none.

        Parameters
        ----------
        container : Container
        context : Context
            Not used: a credential speaks of its file alone.
        """
        if container.source.media_type not in FORMATS:
            return [not_applicable("format")]
        limits = Limits.from_environment()
        stores = [one for one in find_stores(container.structure, limits) if one[0] is not StoreState.OTHER]
        if not stores:
            return [_without_store(named_in_xmp(container.structure, limits))]
        if exceeds_limits(container.structure, limits):
            return [not_applicable("too_much")]
        what, size = stores[0]
        trusted = trust_lists()
        store = read_manifest_store(container.source, trusted)
        if store.state is not None:
            return [finding_of_claims(claims_of(store, trusted), trusted, self.clock().date())]
        detail = sanitise_or_none(store.detail) or sanitise_or_none(store.problem) or "-"
        if what is StoreState.STORE and any(word in store.detail for word in _OTHER_FORMS):
            return [finding_of_old_form(detail)]
        return [finding_of_remnant(StoreState.UNREADABLE if what is StoreState.STORE else what, size, detail)]


def _without_store(named: str | None) -> Statement:
    if named == "elsewhere":
        return finding_elsewhere()
    return finding_of_remnant(StoreState.MISSING, 0, "-") if named == "here" else not_applicable("none")


EXAMINER = CredentialsExaminer()
