"""Read plain facts out of a manifest store: four answers on validity, actions, marks of generative AI.

A mark is a ``digitalSourceType`` of generative AI, wherever it stands: in an action, in an ingredient, or
under a vendor's key such as ``com.adobe.digitalSourceType``. Values are compared whole (IPTC, digital
source type): ``algorithmicMedia`` is no AI.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bixie.examiners.ai_services import ai_service
from bixie.examiners.credentials.manifest_store import ManifestStore
from bixie.examiners.credentials.trust import Standing, TrustLists, product_level
from bixie.examiners.source_types import AI_SOURCE_TYPES, GENERATED
from bixie.kit.sanitise import sanitise_or_none

__all__ = [
    "HARMLESS",
    "MAX_ACTIONS",
    "Action",
    "Binding",
    "Claims",
    "Mark",
    "Profile",
    "Signature",
    "claims_of",
]

Signature = Literal["valid", "invalid", "outside_validity", "unknown"]
Profile = Literal["fits", "does_not_fit", "revoked", "unknown"]
Binding = Literal["intact", "broken", "unknown"]

_IPTC = "://cv.iptc.org/newscodes/digitalsourcetype/"
_CAPTURES = frozenset({"digitalCapture", "computationalCapture"})
_BINDING = re.compile(r"assertion\.(dataHash|bmffHash|boxesHash|collectionHash)\.(match|mismatch|malformed)")
_BINDING_LOST = frozenset(
    {
        "claim.hardBindings.missing",
        "assertion.hashedURI.mismatch",
        "assertion.missing",
        "assertion.inaccessible",
    }
)
_SIGNATURE_BAD = frozenset(
    {"claimSignature.mismatch", "claimSignature.missing", "claim.missing", "algorithm.unsupported",
     "claim.malformed", "claim.cbor.invalid"}
)  # fmt: skip
_OUTSIDE = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_SAYS_AI = re.compile(
    r"\bAI[- ]generated\b|\bgenerated (?:by|with|using) (?:generative )?AI\b|AI ?生成|人工智能生成",
    re.IGNORECASE,
)
_LABEL = re.compile(r"/c2pa/([^/]+)")
_ABOUT_TRUST = re.compile(r"signingCredential\.(untrusted|ocsp.*)|timeStamp\..*|cawg\..*untrusted.*")
_NOT_THE_FILE = re.compile(_ABOUT_TRUST.pattern + r"|cawg\..*")
HARMLESS = frozenset(
    {"c2pa.created", "c2pa.opened", "c2pa.color_adjustments", "c2pa.adjustedColor", "c2pa.cropped",
     "c2pa.resized", "c2pa.resized.proportional", "c2pa.orientation", "c2pa.converted", "c2pa.transcoded",
     "c2pa.repackaged", "c2pa.published", "c2pa.edited.metadata", "c2pa.watermarked",
     "c2pa.watermarked.bound"}
)  # fmt: skip
"""Actions after which a picture still shows what it showed (C2PA specification 2.x, section 18.15)."""
MAX_ACTIONS = 24
"""Actions of one history that a finding carries."""
MAX_VALUES = 20_000
"""JSON values looked at in one manifest store."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the history: its name, and the short name of its digital source type."""

    name: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of generative AI: its place (``action``, ``ingredient``, ``vendor``) and its short name."""

    place: str
    source: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What the active manifest and its ingredients say.

    Parameters
    ----------
    state : str
        The library's own summary: ``Trusted``, ``Valid`` or ``Invalid``.
    signature, profile, signer, binding
        Four separate answers: whether the signature holds, whether the certificate may sign credentials,
        whether its holder is on the trust list, whether the credential still fits the file.
    failures : tuple of str
        Codes of the library, trust left out; ``cawg.`` ones are about an identity beside the signer.
    actions : tuple of Action
        Of the active manifest.
    origin : tuple of Action
        Of the manifest in which the picture began: the active one, or that of its parent where nothing was
        done since that changes what it shows.
    marks : tuple of Mark
        Each place and source once.
    generator, issuer, signed_at : str or None
        The program that wrote the claim, the organisation in the certificate, the time that was signed.
    ingredients : int
    product : tuple of str and int, or None
        Of the conformance programme's products: the one in the certificate of a trusted signer, and its
        assurance level.
    named : str or None
        An AI service that the active manifest names as program, action's agent, or in a description.
    """

    state: str
    signature: Signature
    profile: Profile
    signer: Standing
    binding: Binding
    failures: tuple[str, ...]
    actions: tuple[Action, ...]
    origin: tuple[Action, ...]
    marks: tuple[Mark, ...]
    generator: str | None
    issuer: str | None
    signed_at: str | None
    ingredients: int
    product: tuple[str, int] | None = None
    named: str | None = None

    @property
    def wholly_generated(self) -> bool:
        """Whether the file says that it was made by generative AI from nothing.

        That holds also for what was only opened and converted since.
        """
        return any(one.name == "c2pa.created" and one.source == GENERATED for one in self.origin)

    @property
    def captured(self) -> bool:
        """Whether the file says that a camera made it."""
        return any(one.name == "c2pa.created" and one.source in _CAPTURES for one in self.actions)


def claims_of(store: ManifestStore, trusted: TrustLists) -> Claims:
    """Return the facts in what the library read.

    Parameters
    ----------
    store : ManifestStore
        With a document.
    trusted : TrustLists
        That the library was given.
    """
    manifests = store.document.get("manifests") or {}
    active_label = store.document.get("active_manifest") or ""
    active = manifests.get(active_label) or {}
    succeeded, failed, below = _codes(store.document)
    actions = tuple(_actions(active))
    failing = _failing(store.document)
    info = active.get("signature_info") or {}
    signer = _signer(store.document, failed, trusted)
    return Claims(
        state=store.state or "Invalid",
        signature=_signature(succeeded, failed),
        profile=_profile(succeeded, failed),
        signer=signer,
        binding=_binding(succeeded, failed),
        failures=tuple(dict.fromkeys(code for code in (*failed, *below) if not _ABOUT_TRUST.fullmatch(code))),
        actions=actions,
        origin=_origin(manifests, active, failing),
        marks=tuple(dict.fromkeys(_marks(manifests, active_label, failing))),
        generator=_generator(active),
        issuer=sanitise_or_none(info.get("issuer")),
        signed_at=sanitise_or_none(info.get("time"), 32),
        ingredients=len(active.get("ingredients") or ()),
        product=_product(info) if signer == "trusted" else None,
        named=_named(active),
    )


def _codes(document: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """Return the codes that succeeded and failed in the active manifest, and those that failed below it."""
    results = document.get("validation_results") or {}
    active = results.get("activeManifest") or {}
    below = (delta.get("validationDeltas") or {} for delta in results.get("ingredientDeltas") or ())
    return (
        _listed(active.get("success")),
        _listed(active.get("failure")),
        [code for one in below for code in _listed(one.get("failure"))],
    )


def _listed(entries: Iterable[dict[str, Any]] | None) -> list[str]:
    return [str(entry.get("code")) for entry in entries or ()]


def _signature(succeeded: list[str], failed: list[str]) -> Signature:
    if _SIGNATURE_BAD & set(failed):
        return "invalid"
    if _OUTSIDE & set(failed):
        return "outside_validity"
    return "valid" if "claimSignature.validated" in succeeded else "unknown"


def _profile(succeeded: list[str], failed: list[str]) -> Profile:
    if "signingCredential.revoked" in failed:
        return "revoked"
    if "signingCredential.invalid" in failed:
        return "does_not_fit"
    return "fits" if "claimSignature.validated" in succeeded else "unknown"


def _signer(document: dict[str, Any], failed: list[str], trusted: TrustLists) -> Standing:
    # The summary "Trusted" is not asked: a list of time-stamp authorities alone makes a signer that.
    uri = (document.get("validation_results") or {}).get("trustListUri")
    return trusted.standing(None if "signingCredential.untrusted" in failed else uri)


def _product(info: dict[str, Any]) -> tuple[str, int] | None:
    name, holder = str(info.get("common_name") or ""), str(info.get("issuer") or "")
    level = product_level(holder, name)
    return None if level is None else (name, level)


def _named(active: dict[str, Any]) -> str | None:
    """Return an AI service that program, agent or description names, where no source type says so."""
    texts = [_generator(active) or ""]
    for one in _listed_actions(active):
        agent = one.get("softwareAgent")
        texts += [str(agent.get("name") or "") if isinstance(agent, dict) else str(agent or "")]
    named = next(filter(None, map(ai_service, texts)), None)
    said = (str(one.get("description") or "") for one in _listed_actions(active))
    return sanitise_or_none(named or next(filter(_SAYS_AI.search, said), None), 80)


def _binding(succeeded: list[str], failed: list[str]) -> Binding:
    if _BINDING_LOST & set(failed) or any(_BINDING.fullmatch(code) for code in failed):
        return "broken"
    return "intact" if any(_BINDING.fullmatch(code) for code in succeeded) else "unknown"


def _failing(document: dict[str, Any]) -> set[str]:
    """Return the labels of the manifests below the active one whose own checks failed."""
    deltas = (document.get("validation_results") or {}).get("ingredientDeltas") or ()
    manifests = (document.get("manifests") or {}).values()
    # What its signer saw when the ingredient was taken in stands beside the ingredient.
    seen = (
        one.get("validation_results") or {}
        for manifest in manifests
        for one in manifest.get("ingredients") or ()
    )
    checks = [(delta.get("validationDeltas") or {}) for delta in deltas]
    checks += [one.get("activeManifest") or {} for one in seen]
    entries = (entry for check in checks for entry in check.get("failure") or ())
    bad = (entry for entry in entries if not _NOT_THE_FILE.fullmatch(str(entry.get("code"))))
    return {match[1] for entry in bad if (match := _LABEL.search(str(entry.get("url"))))}


def _origin(manifests: dict[str, Any], active: dict[str, Any], failing: set[str]) -> tuple[Action, ...]:
    """Return the actions of the manifest in which a picture began, before it was only converted."""
    manifest, seen = active, set[str]()
    while True:
        actions = tuple(_actions(manifest))
        parents = [
            str(one.get("active_manifest"))
            for one in manifest.get("ingredients") or ()
            if isinstance(one, dict) and one.get("relationship") == "parentOf"
        ]
        label = parents[0] if len(parents) == 1 else None
        parent = manifests.get(label) if label and label not in failing | seen else None
        if not isinstance(parent, dict) or not actions or any(one.name not in HARMLESS for one in actions):
            return actions
        if any(one.name == "c2pa.created" for one in actions):
            return actions
        seen.add(str(label))
        manifest = parent


def _assertions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (one for one in manifest.get("assertions") or () if isinstance(one, dict))


def _listed_actions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for assertion in _assertions(manifest):
        data = assertion.get("data")
        listed = data.get("actions") if isinstance(data, dict) else None
        if str(assertion.get("label")).startswith("c2pa.actions") and isinstance(listed, list):
            yield from (one for one in listed if isinstance(one, dict))


def _actions(manifest: dict[str, Any]) -> Iterator[Action]:
    for one in _listed_actions(manifest):
        yield Action(sanitise_or_none(one.get("action")) or "-", _short(one.get("digitalSourceType")))


def _marks(manifests: dict[str, Any], active: str, failing: set[str]) -> Iterator[Mark]:
    for label, manifest in manifests.items():
        if label in failing or not isinstance(manifest, dict):
            continue
        own = label == active
        for key, source in _sources(manifest.get("assertions")):
            place = "action" if key == "digitalSourceType" else "vendor"
            yield Mark(place if own else "ingredient", source)
        for _, source in _sources(manifest.get("ingredients")):
            yield Mark("ingredient", source)


def _sources(block: Any) -> Iterator[tuple[str, str]]:
    """Yield every key below `block` that names a digital source type of generative AI, and its short name."""
    waiting, left = [block], MAX_VALUES
    while waiting and left:
        left -= 1
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            for key, item in value.items():
                short = _short(item)
                if short in AI_SOURCE_TYPES and str(key).lower().endswith("digitalsourcetype"):
                    yield str(key), short


def _short(value: Any) -> str | None:
    """Return the last part of an IPTC address; None for any other value."""
    if not isinstance(value, str):
        return None
    scheme, found, name = value.partition(_IPTC)
    return sanitise_or_none(name, 48) if found and scheme in {"http", "https"} else None


def _generator(manifest: dict[str, Any]) -> str | None:
    listed = manifest.get("claim_generator_info")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    return sanitise_or_none(first.get("name")) or sanitise_or_none(manifest.get("claim_generator"))
