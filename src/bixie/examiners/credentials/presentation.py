"""How Content Credentials present themselves in report and page."""

from collections.abc import Iterable, Iterator

from bixie.examiners.credentials.claims import MAX_ACTIONS, Action, Claims
from bixie.examiners.presentation import MARK_REMOVED, ORIGIN, Effect, Fact, Presentation, Row, Topic
from bixie.kit.messages import Text, catalogue

__all__ = ["PRESENTATION", "row_of_claims", "row_of_unread"]

_WORDS = catalogue("bixie.examiners.credentials")

PRESENTATION = Presentation(
    words=_WORDS,
    effects={
        "credentials.generated": Effect.REFUTES,
        "credentials.ai_edited": Effect.SUSPECT,
        "credentials.broken": Effect.BY_WEIGHT,
        "credentials.present": Effect.NONE,
        "credentials.camera_capture": Effect.SUPPORTS,
    },
    panel=ORIGIN,
)

_CREDENTIALS = Topic(_WORDS.text("credentials.topic.credentials"), rank=20, sign="square", mark=True)


def row_of_claims(code: str, claims: Claims) -> Row:
    """Return how the page sets out a credential that was read.

    Parameters
    ----------
    code : str
        Of its finding.
    claims : Claims
    """
    facts = [*_answers(claims.signature, claims.profile, claims.signer, claims.binding)]
    # Of a credential that does not hold, what it says about the origin is left out.
    if claims.signature != "invalid" and claims.binding != "broken":
        facts += _statements(claims)
    return Row(_CREDENTIALS, _WORDS.sentences.get(f"credentials.brief.{code.split('.')[1]}"), tuple(facts))


def row_of_unread(*, taken_out: bool) -> Row:
    """Return how the page sets out a credential that could not be read.

    Parameters
    ----------
    taken_out : bool
        Whether only its place is left.
    """
    facts = _answers("unknown", "unknown", "not_checked", "unknown")
    return Row(MARK_REMOVED if taken_out else _CREDENTIALS, facts=tuple(facts))


def _answers(signature: str, profile: str, signer: str, binding: str) -> Iterator[Fact]:
    answers = {"signature": signature, "profile": profile, "signer": signer, "binding": binding}
    for question, answer in answers.items():
        yield _fact(question, _WORDS.text(f"credentials.answer.{question}.{answer}"))


def _statements(claims: Claims) -> Iterator[Fact]:
    if claims.product is not None:
        name, level = claims.product
        yield _fact("product", _WORDS.text("credentials.product", name=name, level=level))
    if claims.issuer:
        yield _fact("issuer", _as_written(claims.issuer))
    if claims.generator:
        yield _fact("claim_generator", _as_written(claims.generator))
    if claims.signed_at:
        yield _fact("signed_at", _as_written(claims.signed_at.replace("T", " ")))
    if claims.actions:
        yield _fact("actions", _listed(dict.fromkeys(map(_in_words, claims.actions[:MAX_ACTIONS]))))
    places = dict.fromkeys(mark.place for mark in claims.marks)
    if places:
        yield _fact("ai_marks", _listed(_WORDS.text(f"credentials.ai_mark.{place}") for place in places))


def _in_words(action: Action) -> Text:
    known = _WORDS.sentences
    done = known.get(f"credentials.action.{action.name.removeprefix('c2pa.').lower()}")
    done = done or _as_written(action.name)
    by = known.get(f"credentials.by.{action.source.lower()}") if action.source else None
    return Text(en=f"{done.en} ({by.en})", zh=f"{done.zh}（{by.zh}）") if by else done


def _fact(key: str, value: Text) -> Fact:
    return Fact(_WORDS.text(f"credentials.fact.{key}"), value)


def _as_written(text: str) -> Text:
    return Text(en=text, zh=text)


def _listed(parts: Iterable[Text]) -> Text:
    every = list(parts)
    return Text(en=", ".join(part.en for part in every), zh="、".join(part.zh for part in every))
