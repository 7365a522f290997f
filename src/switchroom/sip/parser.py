"""Bytes to messages. What cannot be a message raises Malformed, which says whether and how to answer."""

import re

from switchroom.sip.headers import KNOWN, Headers, canonical
from switchroom.sip.message import Message, Request, Response
from switchroom.sip.transport import BODY_LIMIT, HEAD_LIMIT
from switchroom.sip.uri import BadUri

LINE_LIMIT = 8_192
FIELD_LIMIT = 200
VIA_LIMIT = 70
_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: (.*))?", re.IGNORECASE)
_REQUEST = re.compile(r"([A-Za-z0-9\-.!%*_+`'~]{1,64}) (\S+) (SIP/\d+\.\d+)", re.IGNORECASE)
_FOLD = re.compile(r"[ \t]*\r\n[ \t]+")
_NAME = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+", re.ASCII)
_CSEQ = re.compile(r"(\d{1,10})\s+([A-Za-z0-9\-.!%*_+`'~]+)", re.ASCII)
_ONCE = ("From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type")


class Malformed(ValueError):
    """Bytes that are no valid SIP message.

    `request` is what could be read of a request, good enough to answer with `code`; None when no answer is possible
    (noise, a damaged response, an ACK).
    """

    def __init__(self, why: str, request: Request | None = None, code: int = 400) -> None:
        super().__init__(why)
        self.request = request
        self.code = code


def parse(data: bytes) -> Request | Response:
    """Read one whole message. Raises Malformed and nothing else."""
    head, blank, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not blank:
        head = head.removesuffix(b"\r\n")
    if len(head) > HEAD_LIMIT:
        raise Malformed("a head too long")
    lines = _lines(head)
    message = _start(lines[0])
    version = lines[0][-7:].upper()
    answerable = message if isinstance(message, Request) and message.method != "ACK" else None
    try:
        _read_fields(message.headers, lines)
        _check_structure(message)
    except (ValueError, IndexError) as error:
        raise Malformed(str(error), answerable if _can_answer(message) else None) from None
    try:
        if isinstance(message, Request) and message.uri and version != "SIP/2.0":
            raise _Unacceptable(505, "another version of SIP")
        message.body = _body(message, body)
        _check_values(message)
    except _Unacceptable as error:
        raise Malformed(str(error), answerable, error.code) from None
    except (ValueError, IndexError) as error:
        raise Malformed(str(error), answerable) from None
    return message


class _Unacceptable(ValueError):
    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def _lines(head: bytes) -> list[str]:
    text = head.decode("utf-8", "surrogateescape")
    if "\r\n " in text or "\r\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n")
    if text.count("\n") + text.count("\r") != 2 * (len(lines) - 1) or "\0" in text:
        raise Malformed("control characters in the head")
    return lines


def _start(line: str) -> Request | Response:
    status = _STATUS.fullmatch(line)
    if status is not None:
        return Response(int(status[1]), status[2] or "")
    found = _REQUEST.fullmatch(line)
    if found is not None:
        return Request(found[1], found[2])
    method = line.partition(" ")[0]
    if line[:4].upper() == "SIP/" or _NAME.fullmatch(method) is None or "SIP/" not in line[-12:].upper():
        raise Malformed("neither a request nor a response")
    return Request(method, "")


def _read_fields(headers: Headers, lines: list[str]) -> None:
    if len(lines) > FIELD_LIMIT:
        raise ValueError("too many header fields")
    fields = headers.fields
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        known = KNOWN.get(name)
        if known is None or not colon:
            name = name.rstrip()
            if not colon or _NAME.fullmatch(name) is None:
                raise ValueError("a line that is no header field")
            known = canonical(name)
        if len(line) > LINE_LIMIT:
            raise ValueError("a header field too long")
        if known in fields:
            fields[known].append(value.strip())
        else:
            fields[known] = [value.strip()]


def _can_answer(message: Message) -> bool:
    """Whether the copied headers of an answer, and its way back, can be made out."""
    try:
        _ = message.via
    except (ValueError, IndexError):
        return False
    fields = message.headers.fields
    return all(len(fields.get(name, ())) == 1 for name in ("From", "To", "Call-ID", "CSeq"))


def _check_structure(message: Message) -> None:
    fields = message.headers.fields
    for name in ("Via", "From", "To", "Call-ID", "CSeq"):
        if name not in fields:
            raise ValueError(f"{name} is missing")
    for name in _ONCE:
        if len(fields.get(name, ())) > 1:
            raise ValueError(f"{name} comes twice")
    if len(message.headers.listed("Via")) > VIA_LIMIT:
        raise ValueError("too many hops")
    _ = message.via
    found = _CSEQ.fullmatch(fields["CSeq"][0])
    if found is None or int(found[1]) >= 1 << 31:
        raise BadUri("CSeq is not valid")
    message.cseq = (int(found[1]), found[2])
    if not fields["Call-ID"][0]:
        raise ValueError("Call-ID is empty")
    _ = message.from_, message.to


def _check_values(message: Request | Response) -> None:
    _ = message.from_.parsed, message.to.parsed
    if isinstance(message, Response):
        return
    if not message.uri or message.uri[0] == "<":
        raise ValueError("a request line that is not valid")
    if message.cseq[1] != message.method:
        raise ValueError("CSeq names another method")
    hops = message.headers.get("Max-Forwards")
    if hops is not None and not (hops.isascii() and hops.isdigit() and int(hops) < 256):
        raise ValueError("Max-Forwards is not valid")
    if "Contact" in message.headers.fields and message.method != "REGISTER":
        _ = message.contact
    scheme = message.uri.partition(":")[0].lower()
    if scheme not in ("sip", "sips", "tel"):
        raise _Unacceptable(416, "a scheme nobody speaks here")
    _ = message.target


def _body(message: Message, body: bytes) -> bytes:
    length = message.headers.get("Content-Length")
    if length is None:
        wanted = len(body)
    elif length.isascii() and length.isdigit() and len(length) < 10:
        wanted = int(length)
    else:
        raise ValueError("Content-Length is not valid")
    if wanted > len(body):
        raise ValueError("the body is shorter than it says")
    if wanted > BODY_LIMIT:
        raise _Unacceptable(513, "the body is too long")
    return body[:wanted]
