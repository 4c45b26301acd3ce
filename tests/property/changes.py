"""Files with some bytes changed, as a strategy: what every property about hostile bytes draws from."""

from hypothesis import strategies as st


@st.composite
def mutated(draw, files, place, piece):
    """Return one of `files` with one to six places of it replaced, removed or filled.

    Parameters
    ----------
    files : callable
        Returns the files by name; called late, because making them takes time.
    place : strategy of int
    piece : strategy of bytes
    """
    every = files()
    data = bytearray(every[draw(st.sampled_from(sorted(every)))])
    change = st.tuples(st.sampled_from(("replace", "insert", "delete")), place, piece)
    for kind, where, content in draw(st.lists(change, min_size=1, max_size=6)):
        at = where % len(data)
        if kind == "insert":
            data[at:at] = content
        elif kind == "delete" and len(data) > len(content):
            del data[at : at + len(content)]
        else:
            data[at : at + len(content)] = content
    return bytes(data)
