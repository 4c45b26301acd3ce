"""Examines one claim of an order with more known pictures than this process may have open files.

Run as a program, so that the limit holds for nothing else: ``few_open_files.py FOLDER KNOWN LIMIT``.
"""

import io
import json
import resource
import sys
from functools import partial

import numpy as np
from PIL import Image

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.assembly.stores import ready_store
from bixie.examinations.examining import examine
from bixie.examinations.service import fetch
from bixie.imaging.limits import Limits
from bixie.store.blobs import DiskBlobs
from bixie.store.settings import Location
from bixie.vault.checking import check
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.service import Upload, keep_bytes, receive, stage

CLERK = Principal("tenant_ours", "person_clerk", Role.CLERK)


def picture(seed):
    """Return a small PNG like no other."""
    pixels = np.random.default_rng(seed).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def main(folder, known, limit):
    """Print what the examination says of the claim and of each known picture."""
    location = Location.find(folder, environment={})
    store, blobs = ready_store(location), DiskBlobs(location.folder / "blobs")

    def keep(seed, role):
        upload = Upload(io.BytesIO(picture(seed)), f"{seed}.png", "order", role)
        with stage(blobs, upload, Limits()) as staged, writing(store, CLERK) as session:
            keep_bytes(blobs, CLERK.tenant, staged)
            exhibit = receive(session, blobs, staged)
        return check(store, CLERK, blobs, exhibit.id, Limits())

    for seed in range(known):
        keep(seed, ExhibitRole.LISTING)
    claim = keep(known, ExhibitRole.CLAIM)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with writing(store, CLERK) as session:
        task = fetch(session, claim.id)
    report = examine(task, partial(blobs.open, CLERK.tenant), Limits())
    known = json.loads(report.document)["known"]
    errors = [one["error"]["code"] for one in known if one["error"]]
    print(json.dumps({"verdict": report.verdict, "known": len(known), "errors": errors}))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
