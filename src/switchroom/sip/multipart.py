"""Bodies of several parts (RFC 5621), one level deep: what SIP needs of MIME, in time linear to its size."""

from collections.abc import Iterator

_BOUNDARY = "switchroom-part"
_DEFAULT = "text/plain"
_PARTS = 64


def split_parts(body: bytes, boundary: str) -> Iterator[tuple[str, bytes]]:
    """The parts as (media type in lower case, bytes). Nothing without a boundary."""
    if not boundary:
        return
    mark = b"\r\n--" + boundary.encode("utf-8", "surrogateescape")
    for piece in (b"\r\n" + body).split(mark, _PARTS)[1:]:
        if piece.startswith(b"--"):
            return
        _, _, part = piece.partition(b"\r\n")
        if part.startswith(b"\r\n"):
            yield _DEFAULT, part[2:]
            continue
        head, _, content = part.partition(b"\r\n\r\n")
        yield _kind(head), content


def _kind(head: bytes) -> str:
    for line in head.decode("utf-8", "surrogateescape").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() in ("content-type", "c"):
            return value.partition(";")[0].strip().lower()
    return _DEFAULT


def join_parts(parts: list[tuple[str, bytes]]) -> tuple[bytes, str]:
    """A body made of parts, and its boundary, which is in none of them."""
    boundary = _BOUNDARY
    while any(boundary.encode() in content for _, content in parts):
        boundary += "x"
    pieces = [f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n" for kind, content in parts]
    return b"".join(pieces) + f"--{boundary}--\r\n".encode(), boundary
