"""Credentials that somebody broke on purpose: typed statements, bounded, no crash, and no network."""

import random
import socket
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest
from tests.makers.signing import action, picture, signed
from tests.unit.examiners.credentials.test_examiner import GENERATED, OPENED, finding, statements

from bixie.examiners.results import Finding, Grade, NotApplicable

STORE_TYPE = bytes.fromhex("6332706100110010800000aa00389b71")


def box(kind, content):
    return struct.pack(">I", 8 + len(content)) + kind + content


def described(label=b"c2pa"):
    return box(b"jumd", STORE_TYPE + b"\x03" + label + b"\0")


def in_jpeg(store, chunk=60_000):
    """Put a store into APP11 segments of a picture (ISO/IEC 19566-5, annex D)."""
    plain, segments = picture(), b""
    for number, at in enumerate(range(0, max(len(store), 1), chunk), 1):
        content = (store[:8] if at else b"") + store[at : at + chunk]
        head = b"JP" + struct.pack(">HI", 1, number)
        segments += b"\xff\xeb" + struct.pack(">H", 2 + len(head) + len(content)) + head + content
    return plain[:2] + segments + plain[2:]


def in_png(store):
    plain = picture("PNG")
    chunk = b"caBX" + store
    return (
        plain[:33] + struct.pack(">I", len(store)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + plain[33:]
    )


@pytest.mark.parametrize(("make", "name"), [(in_jpeg, "a.jpg"), (in_png, "a.png")])
@pytest.mark.parametrize(
    ("store", "remains"),
    [
        (bytes(4_000), "zeros"),
        (struct.pack(">I", 90_000) + b"jumb" + described(), "truncated"),
        (box(b"jumb", described()), "unreadable"),
        (box(b"jumb", described() + box(b"jumb", described(b"urn:x"))), "unreadable"),
        (box(b"jumb", described() + struct.pack(">I", 3) + b"cborxxxx"), "unreadable"),
        (b"\xff" * 500, "unreadable"),
    ],
)
def test_what_is_left_of_a_credential_is_named(make, name, store, remains):
    one = finding(make(store), name)
    assert (one.code, one.grade, one.data["remains"]) == ("credentials.broken", Grade.STATISTICAL, remains)


def test_a_jumbf_box_that_is_no_credential_is_left_alone():
    other = box(b"jumd", bytes(range(16)) + b"\x03other\0")
    (one,) = statements(in_jpeg(box(b"jumb", other)))
    assert isinstance(one, NotApplicable)


def test_ten_thousand_boxes_in_one_another_are_not_handed_on():
    store = b""
    for _ in range(10_000):
        store = box(b"jumb", described() + store) if len(store) < 900_000 else store
    (one,) = statements(in_jpeg(store))
    assert isinstance(one, NotApplicable)


def test_a_store_of_too_many_boxes_is_not_handed_on():
    (one,) = statements(in_png(box(b"jumb", described() + box(b"cbor", b"\xf6") * 5_000)), "a.png")
    assert isinstance(one, NotApplicable)


def mutations():
    chance = random.Random("credentials")
    whole = signed(OPENED, action("c2pa.edited", "compositeSynthetic"), GENERATED)
    start, end = whole.index(b"jumb") - 20, whole.rindex(b"c2pa.signature") + 3_000
    for _ in range(120):
        data = bytearray(whole)
        kind = chance.randrange(4)
        at = chance.randrange(start, end)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at : at + chance.randrange(1, 600)] = b""
        elif kind == 2:
            length = chance.randrange(1, 900)
            data[at : at + length] = bytes(len(data[at : at + length]))
        else:
            data[at : at + 4] = chance.choice(
                [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1", b"\x7f\xff\xff\xff"]
            )
        yield bytes(data)
    for share in range(1, 40):
        yield whole[: len(whole) * share // 40]


def test_no_mutation_crashes_or_makes_a_fact_of_a_broken_claim():
    codes = set()
    for data in mutations():
        for one in statements(data):
            assert isinstance(one, Finding | NotApplicable)
            codes.add(one.code if isinstance(one, Finding) else "silent")
            if isinstance(one, Finding) and one.grade is Grade.CONCLUSIVE:
                assert one.data["signature"] == "valid"
                assert one.data["binding"] == "intact"
    assert {"credentials.broken", "silent"} <= codes


def naming(address):
    """Return a picture whose XMP names a credential at `address`."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dcterms="http://purl.org/dc/terms/" '
        f'dcterms:provenance="{address}"/></rdf:RDF></x:xmpmeta>'
    ).encode()
    body = b"http://ns.adobe.com/xap/1.0/\0" + packet
    plain = picture()
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def with_remote(port):
    return naming(f"http://localhost:{port}/a.c2pa")


def test_a_credential_that_the_file_names_as_its_own_and_lost_is_missing():
    one = finding(naming("self#jumbf=/c2pa/urn:uuid:1/c2pa.claim"))
    assert (one.code, one.data["remains"]) == ("credentials.broken", "missing")


def test_another_word_about_provenance_is_no_credential():
    (one,) = statements(naming("the museum's archive"))
    assert isinstance(one, NotApplicable)


def test_a_credential_on_a_server_is_named_and_nobody_connects():
    with socket.create_server(("localhost", 0)) as server:
        server.settimeout(0.3)
        visitors = []

        def listen():
            try:
                visitors.append(server.accept())
            except TimeoutError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        one = finding(with_remote(server.getsockname()[1]))
        listener.join()
    assert (one.code, one.grade, one.data["remote"]) == ("credentials.present", Grade.INFORMATIVE, True)
    assert visitors == []


OFFLINE = """
import ctypes, io, struct, sys
import c2pa
from bixie.examiners.credentials import manifest_store
from bixie.examiners.credentials.trust import trust_lists
from bixie.imaging.source import source_from_bytes
data = open(sys.argv[1], "rb").read()
context = manifest_store._context(trust_lists()) if sys.argv[2] == "ours" else c2pa.Context()
libc = ctypes.CDLL(None)
# Any socket() ends the process: load the call's number; 41 is socket on x86-64; kill, else allow.
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 41), (0x06, 0, 0, 0x80000000), (0x06, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
program = Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0):
    sys.exit(77)
try:
    c2pa.Reader("image/jpeg", io.BytesIO(data), context=context)
except c2pa.C2paError as error:
    print(error)
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or struct.calcsize("P") != 8, reason="the trap is Linux's on x86-64"
)
@pytest.mark.parametrize(("whose", "opens_a_socket"), [("ours", False), ("the library's", True)])
def test_our_settings_open_no_socket_where_the_library_alone_would(tmp_path, whose, opens_a_socket):
    import platform

    if platform.machine() != "x86_64":
        pytest.skip("the trap is x86-64's")
    path = Path(tmp_path, "a.jpg")
    path.write_bytes(with_remote(9))
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(path), whose], capture_output=True, text=True, check=False
    )
    if done.returncode == 77:
        pytest.skip("this machine lets no process set the trap")
    assert (done.returncode == -31) is opens_a_socket, done.stderr
