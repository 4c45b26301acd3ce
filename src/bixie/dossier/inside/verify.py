#!/usr/bin/env python3
"""Verify a Bixie package offline, with Python 3.9 or later and openssl 3, nothing else.

It prints one line a check: ok, fault (and where), or unchecked (and why); it exits with 1 when one failed.
`bixie package verify` prints the same checks; docs/reference/package.md of the project describes the form.
"""
import argparse, base64, datetime, hashlib, json, re, struct, subprocess, sys, tempfile, zlib
from pathlib import Path

ORDER = "layout seal manifest files events checkpoint key exhibits openings timestamps clock".split()
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*(/[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*)*")
TOLERANCE, SMALL, TEXT = datetime.timedelta(minutes=10), 1 << 20, 64 << 20
HASHES = {"sha256", "sm3"} & hashlib.algorithms_available  # some builds of Python lack SM3
EVENTS, PROOFS, STAMPS, PIECE = "ledger/events.jsonl", "ledger/proofs.json", "ledger/stamps.json", 1 << 20

class Fault(Exception): pass

def need(holds, where, why="changed"):
    if not holds:
        raise Fault(where, why)

def canonical(value):
    def ordered(one):  # RFC 8785: keys in the order of their UTF-16 code units
        if isinstance(one, dict):
            return {key: ordered(one[key]) for key in sorted(one, key=lambda key: key.encode("utf-16-be"))}
        return [ordered(each) for each in one] if isinstance(one, list) else one
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()

def parsed(data, where, kind=dict):
    value = json.loads(data.decode())
    need(isinstance(value, kind) and canonical(value) == data, where, "not canonical")
    return value

def sha256(data): return hashlib.sha256(data).hexdigest()
def moment(text): return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")

def openssl(command, **files):
    """Run openssl in a folder that holds the files; return whether it agreed, and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        done = subprocess.run(["openssl", *command.split()], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr

def signed(public, message, signature):  # Ed25519
    der = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + public)
    pem = b"-----BEGIN PUBLIC KEY-----\n" + der + b"\n-----END PUBLIC KEY-----\n"
    return openssl("pkeyutl -verify -pubin -inkey k -rawin -in m -sigfile s", k=pem, m=message, s=signature)[0]

def root_of(leaf, index, size, path):  # RFC 9162, section 2.1.3
    if size == 1:
        return leaf if not path else b""
    left = 1 << (size - 1).bit_length() - 1
    first, rest = index < left, path[:-1]
    inner = root_of(leaf, index, left, rest) if first else root_of(leaf, index - left, size - left, rest)
    return hashlib.sha256(b"\1" + (inner + path[-1] if first else path[-1] + inner)).digest()

class Package:
    def __init__(self, file, roots, trusted):
        self.file, self.roots, self.trusted = file, roots, trusted
        self.members, self.happened, self.stamped = {}, {}, []
    def at(self, offset, size):
        self.file.seek(offset)
        return self.file.read(size)
    def read(self, name, limit=TEXT):
        need(name in self.members, name, "missing")
        need(self.members[name][1] <= limit, name, "too large")
        return self.at(*self.members[name][:2])
    def layout(self):
        length = self.file.seek(0, 2)
        end = self.at(max(0, length - 22), 22)
        need(self.at(0, 4) == b"PK\3\4" and len(end) == 22, "zip", "not a zip")
        count, size, start = struct.unpack("<10xHIIxx", end)
        need(start + size + 22 == length and count <= 20000, "zip", "trailing data, or not a zip")
        listed, place, offset = self.at(start, size), 0, 0
        for _ in range(count):
            crc, _, bytes_, long = struct.unpack("<16xIIIH16x", listed[place:place + 46])
            name = listed[place + 46:place + 46 + long].decode("ascii", "replace")
            need(len(name) <= 200 and NAME.fullmatch(name) and name not in self.members, name[:200], "name")
            facts = (20, 0x800, 0, 0, 0x21, crc, bytes_, bytes_, long, 0)
            central = struct.pack("<IHHHHHHIIIHHHHHII", 0x2014B50, 20, *facts, 0, 0, 0, 0, offset) + name.encode()
            local = struct.pack("<IHHHHHIIIHH", 0x4034B50, *facts) + name.encode()
            need(listed[place:place + len(central)] == central and self.at(offset, len(local)) == local, name, "form")
            self.members[name] = offset + len(local), bytes_, crc
            place, offset = place + len(central), offset + len(local) + bytes_
        need((place, offset) == (size, start), "zip", "gaps")
        need(end == struct.pack("<IHHHHIIH", 0x6054B50, 0, 0, count, count, size, start, 0), "zip", "end")
    def seal(self):
        self.sealed = parsed(self.read("seal.json", SMALL), "seal.json")
        digits = {"manifest": 64, "public": 64, "signature": 128}
        need(self.sealed["format"] == "bixie.seal/1" and set(self.sealed) == {*digits, "format", "timestamps"} and
             all(re.fullmatch("[0-9a-f]{%d}" % n, self.sealed[key]) for key, n in digits.items()), "seal.json")
        said = {key: self.sealed[key] for key in ("manifest", "public", "timestamps")}
        self.public = bytes.fromhex(self.sealed["public"])
        message = b"bixie.dossier.seal/1\n" + canonical(said)
        need(signed(self.public, message, bytes.fromhex(self.sealed["signature"])), "seal.json", "signature")
        need(sha256(self.read("manifest.json")) == self.sealed["manifest"], "manifest.json")
        for token in self.sealed["timestamps"]:
            need(sha256(self.read(token["path"], SMALL)) == token["sha256"], token["path"])
    def manifest(self):
        self.made = parsed(self.read("manifest.json"), "manifest.json")
        self.listed = {one["path"]: one for one in self.made["files"]}
        names = [*self.listed, "manifest.json", *(one["path"] for one in self.sealed["timestamps"]), "seal.json"]
        need(self.made["format"] == "bixie.package/1", "manifest.json")
        for name, wanted in zip([*self.members, *names], [*names, *self.members]):
            need(name == wanted, name, "not the files of the manifest")
    def files(self):
        for name, (offset, left, crc) in self.members.items():
            found, fact, sums = 0, self.listed.get(name), {key: hashlib.new(key) for key in HASHES}
            self.file.seek(offset)
            while piece := self.file.read(min(left, PIECE)):
                left, found, _ = left - len(piece), zlib.crc32(piece, found), [one.update(piece) for one in sums.values()]
            holds = not fact or all(fact[key] == one.hexdigest() for key, one in sums.items())
            need(found == crc and holds and (not fact or fact["bytes"] == self.members[name][1]), name)
        return None if len(HASHES) == 2 else "SM3, which this Python lacks; SHA-256 holds"
    def events(self):
        self.proofs = parsed(self.read(PROOFS), PROOFS)
        self.point, bodies = json.loads(self.proofs["checkpoint"]), self.read(EVENTS).splitlines()
        need(len(bodies) == len(self.proofs["paths"]) > 0, PROOFS)
        last, before = 0, b""
        for body in bodies:
            event, hashed = parsed(body, EVENTS), hashlib.sha256(b"bixie.ledger.event/1\n" + body).digest()
            number, where = event["sequence"], f"{EVENTS}:{event['sequence']}"
            path = [bytes.fromhex(one) for one in self.proofs["paths"][str(number)]]
            found = root_of(hashlib.sha256(b"\0" + hashed).digest(), number - 1, self.point["size"], path)
            need(last < number <= self.point["size"] and event["tenant"] == self.point["tenant"], where)
            need(found.hex() == self.point["root"], where, "does not lead to the checkpoint")
            need(number != last + 1 or not last or event["previous"] == before.hex(), where, "chain")
            last, before, self.happened[number] = number, hashed, event
    def checkpoint(self):
        if self.proofs["signature"] is None:
            return "the checkpoint is not signed"
        public, signature = (base64.b64decode(self.proofs[key]) for key in ("public", "signature"))
        need(signed(public, b"bixie.ledger.signature/1\n" + self.proofs["checkpoint"].encode(), signature), PROOFS)
    def key(self):
        own = base64.b64encode(self.public).decode()
        named = [one["data"].get("public") for one in self.happened.values() if one["type"] == "ledger.key"]
        need(self.proofs["signature"] is None or self.proofs["public"] == own, PROOFS, "two keys")
        need(not named or named[-1] == own, EVENTS, "two keys")
        need(not self.trusted or own in self.trusted or self.public.hex() in self.trusted, "seal.json", "foreign key")
        return None if self.trusted else "compare this key with the service's: " + self.public.hex()
    def exhibits(self):
        for one in parsed(self.read("exhibits.json"), "exhibits.json", list):
            event, file = self.happened.get(one["event"]), self.listed.get(one["path"])
            holds = event and file and (event["subject"], event["data"]["sha256"]) == (one["id"], file["sha256"])
            need(holds or one["path"] is None, one["path"], "not the file that the ledger recorded")
    def openings(self):
        for one in parsed(self.read("ledger/openings.json"), "ledger/openings.json", list):
            value = b"bixie.ledger.commitment/1\n" + bytes.fromhex(one["salt"]) + canonical(one["value"])
            need(self.happened[one["sequence"]]["personal"][one["name"]] == sha256(value), "ledger/openings.json")
    def tokens(self):
        for one in self.sealed["timestamps"]:
            yield one["path"], self.read(one["path"], SMALL), self.read("manifest.json"), self.made["created_at"]
        for one in parsed(self.read(STAMPS), STAMPS, list):
            yield STAMPS, base64.b64decode(one["response"]), self.proofs["checkpoint"].encode(), self.point["time"]
    def timestamps(self):
        for where, token, message, made in self.tokens():
            said = openssl("ts -reply -in t -text", t=token)[1]
            time = re.search(r"Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT", said)
            dump = re.findall(r"^ +[0-9a-f]{4} - ((?:[0-9a-f]{2}[ -]){8,16})", said.split("Serial number")[0], re.M)
            same = re.sub("[ -]", "", "".join(dump)) == sha256(message)
            need(time and same and len(token) <= SMALL, where, "no time stamp of this")
            time = datetime.datetime.strptime(" ".join(time.groups()) + "+0000", "%b %d %H:%M:%S %Y%z")
            ask = f"ts -verify -in t -data m -CAfile r -attime {int(time.timestamp())}"
            need(not self.roots or openssl(ask, t=token, m=message, r=self.roots)[0], where, "signer")
            self.stamped.append((where, moment(made), time))
        return None if self.stamped and self.roots else "signers (see --roots)" if self.stamped else "no time stamp"
    def clock(self):
        now, made, point = datetime.datetime.now(datetime.timezone.utc), self.made["created_at"], self.point["time"]
        times = [("manifest.json", moment(made), now), (PROOFS, moment(point), moment(made))]
        times += [(f"{EVENTS}:{n}", moment(one["time"]), moment(point)) for n, one in self.happened.items()]
        times += [(where, *pair) for where, made, time in self.stamped for pair in ((made, time), (time, now))]
        for where, earlier, later in times:
            need(earlier <= later + TOLERANCE, where, "impossible time")

def verify(file, roots=None, trusted=()):  # check, state, where and why, in the order of the checks
    package, lines = Package(file, roots, trusted), []
    for name in ORDER:
        try:
            why = getattr(package, name)()
            lines.append([name, "unchecked" if why else "ok", None, why])
        except (Fault, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error) as found:
            lines.append([name, "fault", *(found.args if isinstance(found, Fault) else (None, repr(found)))])
            if name in ORDER[:5]:
                break
    return lines + [[name, "unchecked", None, "not reached"] for name in ORDER[len(lines):]]

if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("package")
    options.add_argument("--roots", help="PEM file with root certificates of time-stamp authorities that you trust")
    options.add_argument("--key", action="append", default=[], help="public key of the service that you trust")
    options.add_argument("--json", action="store_true", help="print the lines as JSON")
    given = options.parse_args()
    with open(given.package, "rb") as package:
        done = verify(package, given.roots and Path(given.roots).read_bytes(), given.key)
    plain = (f"{line[0]:11}{line[1]:10}" + " · ".join(str(one) for one in line[2:] if one) for line in done)
    print(json.dumps(done) if given.json else "\n".join(plain))
    sys.exit(any(line[1] == "fault" for line in done))
