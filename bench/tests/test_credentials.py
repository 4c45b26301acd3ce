"""When our answer about a credential counts as the library's."""

import pytest
from bench.credentials import same_answer
from bench.datasets import data_folder, is_complete

from bixie.examiners.camera.examiner import EXAMINER as CAMERA
from bixie.examiners.credentials.examiner import EXAMINER as CREDENTIALS
from bixie.examiners.fusion import fuse_exhibit
from bixie.examiners.label.examiner import EXAMINER as LABEL
from bixie.examiners.protocol import Container, Context
from bixie.examiners.results import Finding, Verdict
from bixie.imaging.limits import Limits
from bixie.imaging.source import read_source
from bixie.imaging.structure import walk


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("Valid", "Valid", True),
        ("Trusted", "Valid", False),
        ("Invalid", "Valid", False),
        ("Invalid", "no credential", False),
        ("ManifestNotFound", "no credential", True),
        ("ManifestNotFound", "missing", True),
        ("ManifestNotFound", "Valid", False),
        ("Remote", "kept elsewhere", True),
        ("Remote", "no credential", False),
        ("Other", "unreadable", True),
        ("Other", "no credential", False),
    ],
)
def test_only_the_same_answer_counts(theirs, ours, same):
    assert same_answer(theirs, ours) is same


@pytest.mark.skipif(not is_complete(), reason="the photos are not at hand")
def test_no_camera_photo_is_suspect_by_what_its_file_says():
    photos = [
        path for path in (data_folder() / "real").rglob("*") if path.suffix.lower() in (".jpg", ".jpeg")
    ]
    assert photos
    for path in sorted(photos):
        source = read_source(str(path), Limits())
        container = Container(str(path), source, walk(source, Limits()))
        found = [
            one
            for examiner in (CAMERA, CREDENTIALS, LABEL)
            for one in examiner.examine_container(container, Context())
            if isinstance(one, Finding)
        ]
        assert (path.name, fuse_exhibit(found)[0]) == (path.name, Verdict.INCONCLUSIVE)
