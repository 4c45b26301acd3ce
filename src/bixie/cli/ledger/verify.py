"""``bixie ledger verify``: verifies the ledger and names the first event that fails."""

import argparse
from typing import TYPE_CHECKING, Any

from bixie.cli.console import print_document
from bixie.cli.language import say
from bixie.cli.ledger.files import document_of, read_files, sentences_about
from bixie.cli.options import add_json, add_language, add_store, public_key
from bixie.kit.messages import Language
from bixie.kit.progress import progress_bar

if TYPE_CHECKING:
    from bixie.ledger.errors import BrokenLedger
    from bixie.ledger.signing import PublicKey
    from bixie.ledger.verification import Verified
    from bixie.ledger.verifying_signatures import Trust
    from bixie.ledger.witnesses.reading import Witnessed
    from bixie.store.unit_of_work import Store

__all__ = ["add", "broken_document", "holding", "run_verify", "sentences", "trust_of"]

_HOLDS = 0
_BROKEN = 1


def add(parts: Any, language: Language) -> None:
    """Add the subcommand to those of ``ledger``."""
    verify = parts.add_parser(
        "verify",
        language=language,
        help=say("ledger.verify.summary", language),
        usage="bixie ledger verify [--data DIR | --url DATABASE-URL] [--key PUBLIC]... "
        "[--witness PATH|URL]... [--files] [--json] [--lang zh|en]",
        description=say("ledger.verify.description", language),
        epilog=say("ledger.verify.epilog", language),
    )
    add_store(verify, language)
    verify.add_argument(
        "--key", action="append", metavar="PUBLIC", default=[], help=say("ledger.verify.key", language)
    )
    verify.add_argument(
        "--witness", action="append", metavar="PATH", default=[], help=say("ledger.verify.witness", language)
    )
    verify.add_argument("--files", action="store_true", help=say("ledger.verify.files", language))
    add_json(verify, language)
    add_language(verify, language)
    verify.set_defaults(run=run_verify, parser=verify)


def run_verify(chosen: argparse.Namespace, language: Language) -> int:
    """Verify and print the result."""
    # Imported here: `bixie --help` does not need SQLAlchemy.
    from bixie.access.tenancy import reading_every_tenant  # noqa: PLC0415
    from bixie.assembly.foldings import FOLDINGS  # noqa: PLC0415
    from bixie.assembly.stores import existing_store  # noqa: PLC0415
    from bixie.ledger.errors import BrokenLedger  # noqa: PLC0415
    from bixie.ledger.timestamps import trusted_roots  # noqa: PLC0415
    from bixie.ledger.verification import verify  # noqa: PLC0415
    from bixie.ledger.verifying_foldings import check_folded  # noqa: PLC0415
    from bixie.ledger.witnesses.comparing import compare  # noqa: PLC0415
    from bixie.store.settings import Location  # noqa: PLC0415

    roots, given = trusted_roots(), [public_key(text) for text in chosen.key]
    location = Location.find(chosen.data, chosen.url, folder_is_store=True)
    store = existing_store(location)
    progress = progress_bar(say("ledger.verify.progress", language), unit="event")
    try:
        # Read before the snapshot: a checkpoint told meanwhile would look as if it had been cut off.
        said, torn = _read(chosen.witness)
        trust = trust_of(store, given)
        with progress as report_progress, reading_every_tenant(store) as session:
            found = verify(session, roots, report_progress, trust=trust)
            check_folded(session, FOLDINGS)
            compared = compare(session, said, trust)
        files = read_files(store, location, language) if chosen.files else None
    except BrokenLedger as broken:
        _print(broken_document(broken), broken.text.in_(language), as_json=chosen.json)
        return _BROKEN
    finally:
        store.close()
    lines = sentences(found, language)
    if chosen.witness:
        lines += _sentences_about_witnesses(compared, torn, language)
    document = holding(found, compared, len(torn))
    if files is not None:
        lines += sentences_about(files, language)
        document["files"] = document_of(files)
    _print(document, "\n".join(lines), as_json=chosen.json)
    return _HOLDS


def _read(addresses: list[str]) -> "tuple[list[Witnessed], list[tuple[str, int]]]":
    """Return what witnesses were told, and source and number of each line that was cut off."""
    from bixie.assembly.witnesses import sources  # noqa: PLC0415
    from bixie.ledger.errors import BrokenLedger  # noqa: PLC0415
    from bixie.ledger.witnesses.reading import read_source  # noqa: PLC0415

    more, torn, said = sources(), list[tuple[str, int]](), list["Witnessed"]()
    for address in addresses:
        before = len(said)
        said += read_source(address, more, lambda source, line: torn.append((source, line)))
        if len(said) == before:  # it was emptied, or is the wrong place: nothing was compared
            raise BrokenLedger("ledger.witness_empty", tenant="", sequence=0, source=address)
    return said, torn


def _sentences_about_witnesses(compared: int, torn: list[tuple[str, int]], language: Language) -> list[str]:
    lines = [say("ledger.witnessed", language, count=compared)]
    if torn:
        source, line = torn[0]
        lines.append(say("ledger.witness_torn", language, count=len(torn), source=source, line=line))
    return lines


def holding(found: "Verified", compared: int = 0, torn: int = 0) -> dict[str, Any]:
    """Return the document of a ledger that holds."""
    return {
        "ok": True,
        "events": found.events,
        "checkpoints": found.checkpoints,
        "rows": found.rows,
        **_signatures(found),
        **_stamps(found),
        **_clock(found),
        **({"witnesses": _witnesses(compared, torn)} if compared or torn else {}),
    }


def _witnesses(compared: int, torn: int) -> dict[str, int]:
    """Return how many statements were compared, and how many lines were cut off while they were written."""
    return {"statements": compared, **({"torn": torn} if torn else {})}


def trust_of(store: "Store", given: "list[PublicKey]") -> "Trust":
    """Return the keys that options name, else those of the file that the store's settings name."""
    from bixie.kit.timestamps import utc_now  # noqa: PLC0415
    from bixie.ledger.verifying_signatures import Trust, own_trust  # noqa: PLC0415

    if given:
        return Trust(tuple(given), must_sign=True)
    return own_trust(store.about, utc_now())


def _print(document: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        print_document(document)
    else:
        print(words)


def broken_document(broken: "BrokenLedger") -> dict[str, Any]:
    """Return the document of a ledger that is broken."""
    found = {
        "ok": False,
        "tenant": broken.tenant,
        "sequence": broken.sequence,
        "error": broken.to_dict(),
    }
    place = broken.place()
    return {**found, "row": place} if place else found


def _signatures(found: "Verified") -> dict[str, Any]:
    """Return the line about signatures; empty without checkpoints."""
    if not found.checkpoints:
        return {}
    counts = {"checked": found.signatures, "unchecked": found.unchecked_signatures}
    return {"signatures": {**counts, "unsigned": found.unsigned}}


def _stamps(found: "Verified") -> dict[str, Any]:
    """Return the line about time stamps; empty if there are none."""
    if not found.stamps and not found.unchecked_stamps:
        return {}
    return {"stamps": {"checked": found.stamps, "unchecked": found.unchecked_stamps}}


def _clock(found: "Verified") -> dict[str, Any]:
    """Return where a clock went back; empty if none did."""
    if found.clock.first is None:
        return {}
    tenant, sequence = found.clock.first
    largest_s = round(found.clock.largest.total_seconds(), 3)
    first = {"tenant": tenant, "sequence": sequence}
    return {"clock_went_back": {"steps": found.clock.steps, "first": first, "largest_s": largest_s}}


def sentences(found: "Verified", language: Language) -> list[str]:
    """Return what was verified, for people."""
    lines = [say("ledger.holds", language, events=found.events, checkpoints=found.checkpoints)]
    if found.rows:
        lines.append(say("ledger.rows", language, rows=found.rows))
    counts = {
        "ledger.signatures": found.signatures,
        "ledger.signatures.unchecked": found.unchecked_signatures,
        "ledger.signatures.unsigned": found.unsigned,
    }
    lines += [say(key, language, count=count) for key, count in counts.items() if count]
    if found.stamps:
        lines.append(say("ledger.stamps", language, stamps=found.stamps))
    if found.unchecked_stamps:
        lines.append(say("ledger.unchecked", language, stamps=found.unchecked_stamps))
    if found.clock.first is not None:
        tenant, sequence = found.clock.first
        back = {"steps": found.clock.steps, "largest": round(found.clock.largest.total_seconds())}
        lines.append(say("ledger.clock", language, tenant=tenant, sequence=sequence, **back))
    return lines
