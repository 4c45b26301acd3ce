"""``/api/v1/exhibits/{id}/rendition``: smaller copies of pictures, to look at."""

import io

from PIL import Image
from tests.integration.web.service import picture

PATH = "/api/v1/exhibits"


def photo(size, **saved):
    file = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(file, **({"format": "JPEG"} | saved))
    return file.getvalue()


def turned(size):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "where it was taken"
    return photo(size, exif=exif)


def kept(client, data, name="photo.jpg"):
    return client.exhibit(data, order="1", name=name).json()["id"]


def test_a_large_photo_is_shown_upright_in_screen_size_and_without_its_metadata(ours):
    id_ = kept(ours, turned((2400, 1600)))
    answer = ours.get(f"{PATH}/{id_}/rendition")
    shown = Image.open(io.BytesIO(answer.body))
    assert (answer.status, answer.headers["content-type"], shown.format) == (200, "image/jpeg", "JPEG")
    assert shown.size == (853, 1280)
    assert not shown.getexif()
    small = Image.open(io.BytesIO(ours.get(f"{PATH}/{id_}/rendition?side=320").body))
    assert small.size == (213, 320)


def test_the_browser_keeps_a_rendition_and_asks_whether_it_may_show_it(ours):
    id_ = kept(ours, photo((900, 600)))
    first = ours.get(f"{PATH}/{id_}/rendition")
    again = ours.get(f"{PATH}/{id_}/rendition", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert first.headers["cache-control"] == "private, no-cache"
    events = ours.get(f"/api/v1/ledger/events?subject={id_}").json()["items"]
    assert [one["type"] for one in events].count("exhibit.handed_out") == 1


def test_a_rendition_is_refused_as_the_file_is(ours, theirs):
    id_ = kept(ours, picture(), "a.png")
    etag = ours.get(f"{PATH}/{id_}/rendition").headers["etag"]
    assert theirs.get(f"{PATH}/{id_}/rendition", If_None_Match=etag).status == 404
    broken = ours.exhibit(photo((900, 600))[:300], order="1", name="b.jpg").json()
    assert broken["state"] == "refused"
    assert ours.get(f"{PATH}/{broken['id']}/rendition").json()["code"] == "vault.not_kept"
    assert ours.get(f"{PATH}/{id_}/rendition?side=5000").status == 422
