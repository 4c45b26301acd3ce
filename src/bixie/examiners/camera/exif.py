"""What EXIF says of camera, program, time and place, bounded and cleaned.

None of it is proof: clocks are wrong, and anyone can write any field. Tags: Exif 3.0 (CIPA DC-008).
"""

from dataclasses import replace

from bixie.examiners.camera.capture import Capture, named_capture
from bixie.examiners.camera.moments import is_unset, moment_of, satellite_moment
from bixie.examiners.camera.places import is_odd, place_of_exif
from bixie.imaging.structure.metadata import exif_values
from bixie.imaging.structure.model import Structure

__all__ = ["capture_of_exif"]

_MAKE, _MODEL, _SOFTWARE = 0x010F, 0x0110, 0x0131
_ORIGINAL, _DIGITISED = 0x9003, 0x9004
_OFFSETS = {_ORIGINAL: 0x9011, _DIGITISED: 0x9012}
_CAMERA_TAGS = (0x829A, 0x829D, 0x8827, 0x920A)


def capture_of_exif(structure: Structure) -> Capture:
    """Return what the EXIF block of the main picture says."""
    main, exif, gps = (exif_values(structure, name) for name in ("IFD0", "Exif", "GPS"))
    written = [tag for tag in (_ORIGINAL, _DIGITISED) if not is_unset(exif.get(tag))]
    moments = [moment_of(exif[tag], exif.get(_OFFSETS[tag])) for tag in written]
    moment = next((one for one in moments if one is not None), None)
    odd = {"time": bool(written) and moment is None, "place": is_odd(gps)}
    return replace(
        named_capture(main.get(_MAKE), main.get(_MODEL), main.get(_SOFTWARE)),
        camera_fields=sum(tag in exif for tag in _CAMERA_TAGS),
        moment=moment,
        satellites=satellite_moment(gps),
        place=place_of_exif(gps),
        odd=tuple(name for name, is_so in odd.items() if is_so),
    )
