"""Interactive chat messages: the five templates and the limits that hold for all clients (FLOW-113..120, CHAT-115).

Texts that are too long are cut by the client that shows them (FLOW-122); everything else is checked here.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

MAXIMUM_BYTES: Final = 20 * 1024
"""A whole message is smaller than this."""

_ACTIONS = ("SHOW_MORE", "PREVIOUS_OPTIONS")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:?\d{2}|Z)")


class BadTemplate(Exception):
    """The message is not a template that may be sent; the text names the place and the reason."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that may be sent: its kind, the title that stands for it in plain text, and its JSON."""

    kind: str
    title: str
    content: str


def is_template(content: str) -> bool:
    """Whether a text means to be a template, right or wrong."""
    if not content.lstrip().startswith("{"):
        return False
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return '"templateType"' in content
    return isinstance(found, dict) and "templateType" in found


def template_of(content: str) -> Template:
    """The template in a JSON text. Raises BadTemplate."""
    if len(content.encode()) >= MAXIMUM_BYTES:
        raise BadTemplate("the message is not smaller than 20 KB")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise BadTemplate(f"it is not JSON: {wrong}") from None
    if not isinstance(found, dict):
        raise BadTemplate("it is not a JSON object")
    kind, body = _checked(found, "")
    return Template(kind, str(body["title"]), content)


def _checked(found: Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    kind = found.get("templateType")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise BadTemplate(f"{where}templateType must be one of {', '.join(_KINDS)}")
    if found.get("version") != "1.0":
        raise BadTemplate(f'{where}version must be "1.0"')
    data = _object(found, "data", where)
    body = _object(data, "content", f"{where}data.")
    place = f"{where}data.content."
    _text(body, "title", place)
    if data.get("replyMessage") is not None:
        reply = _object(data, "replyMessage", f"{where}data.")
        _text(reply, "title", f"{where}data.replyMessage.")
        _image(reply, f"{where}data.replyMessage.")
    _KINDS[kind](body, place)
    return kind, body


def _list_picker(body: dict[str, Any], where: str) -> None:
    _image(body, where)
    for place, element in _elements(body, 1, 6, where):
        _text(element, "title", place)
        _image(element, place)
        _action(element, place)
    _paging(body, where)


def _panel(body: dict[str, Any], where: str) -> None:
    _image(body, where)
    for place, element in _elements(body, 1, 10, where):
        _text(element, "title", place)
        _action(element, place)
    _paging(body, where)


def _quick_reply(body: dict[str, Any], where: str) -> None:
    for place, element in _elements(body, 2, 5, where):
        _text(element, "title", place)


def _time_picker(body: dict[str, Any], where: str) -> None:
    _number(body, "timeZoneOffset", -720, 840, where, whole=True, required=False)
    if body.get("location") is not None:
        location, place = _object(body, "location", where), f"{where}location."
        _text(location, "title", place)
        _number(location, "latitude", -90, 90, place)
        _number(location, "longitude", -180, 180, place)
        _number(location, "radius", 0, 200, place, required=False)
    for place, slot in _elements(body, 1, 40, where, "timeslots"):
        _date(slot, place)
        _number(slot, "duration", 1, 3_600, place, whole=True)


def _carousel(body: dict[str, Any], where: str) -> None:
    names: set[str] = set()
    kinds: set[str] = set()
    for place, element in _elements(body, 2, 5, where):
        name = element.get("templateIdentifier")
        if not isinstance(name, str) or not name or name in names:
            raise BadTemplate(f"{place}templateIdentifier must be a text that no other element has")
        names.add(name)
        kind, inner = _checked(element, place)
        kinds.add(kind)
        for at, option in enumerate(inner["elements"]):
            _link(option, f"{place}data.content.elements[{at}].")
    if len(kinds) > 1 or not kinds <= {"ListPicker", "Panel"}:
        raise BadTemplate(f"{where}elements must all be of type ListPicker, or all of type Panel")
    for name in ("omitTitleFromCarouselResponse", "carouselVertical"):
        if not isinstance(body.get(name, False), bool):
            raise BadTemplate(f"{where}{name} must be true or false")


_KINDS: dict[str, Callable[[dict[str, Any], str], None]] = {
    "ListPicker": _list_picker,
    "TimePicker": _time_picker,
    "Panel": _panel,
    "QuickReply": _quick_reply,
    "Carousel": _carousel,
}


def _object(holder: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    found = holder.get(name)
    if not isinstance(found, dict):
        raise BadTemplate(f"{where}{name} must be an object")
    return found


def _text(holder: Mapping[str, Any], name: str, where: str) -> None:
    found = holder.get(name)
    if not isinstance(found, str) or not found:
        raise BadTemplate(f"{where}{name} must be a text that is not empty")


def _elements(
    body: Mapping[str, Any], least: int, most: int, where: str, name: str = "elements"
) -> list[tuple[str, dict[str, Any]]]:
    found = body.get(name)
    if not isinstance(found, list) or not least <= len(found) <= most:
        raise BadTemplate(f"{where}{name} must be a list of {least} to {most}")
    made = []
    for at, element in enumerate(found):
        if not isinstance(element, dict):
            raise BadTemplate(f"{where}{name}[{at}] must be an object")
        made.append((f"{where}{name}[{at}].", element))
    return made


def _image(holder: Mapping[str, Any], where: str) -> None:
    if holder.get("subtitle") is not None and not isinstance(holder["subtitle"], str):
        raise BadTemplate(f"{where}subtitle must be a text")
    kind, address = holder.get("imageType"), holder.get("imageData")
    if kind is None and address is None:
        if holder.get("imageDescription"):
            raise BadTemplate(f"{where}imageDescription stands without an image")
        return
    if kind != "URL":
        raise BadTemplate(f'{where}imageType must be "URL"')
    _address(address, f"{where}imageData")


def _link(option: Mapping[str, Any], where: str) -> None:
    if option.get("type") is None and option.get("url") is None:
        return
    if option.get("type") != "hyperlink":
        raise BadTemplate(f'{where}type must be "hyperlink"')
    _address(option.get("url"), f"{where}url")


def _address(found: Any, where: str) -> None:
    try:
        parts = urlsplit(found) if isinstance(found, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        raise BadTemplate(f"{where} must be a public URL")


def _action(element: Mapping[str, Any], where: str) -> None:
    if element.get("actionDetail") not in (None, *_ACTIONS):
        raise BadTemplate(f"{where}actionDetail must be one of {', '.join(_ACTIONS)}")


def _paging(body: Mapping[str, Any], where: str) -> None:
    for name in ("preIndex", "nextIndex"):
        _number(body, name, -1, 1_000_000, where, whole=True, required=False)
    for name in ("referenceId", "listId"):
        if body.get(name) is not None and not isinstance(body[name], str):
            raise BadTemplate(f"{where}{name} must be a text")


def _number(
    holder: Mapping[str, Any],
    name: str,
    low: int,
    high: int,
    where: str,
    *,
    whole: bool = False,
    required: bool = True,
) -> None:
    found = holder.get(name)
    if found is None and not required:
        return
    proper = isinstance(found, int) if whole else isinstance(found, (int, float))
    if not proper or isinstance(found, bool) or found is None or not low <= found <= high:
        raise BadTemplate(f"{where}{name} must be a number from {low} to {high}")


def _date(slot: Mapping[str, Any], where: str) -> None:
    found = slot.get("date")
    if not isinstance(found, str) or not _DATE.fullmatch(found):
        raise BadTemplate(f"{where}date must be a time such as 2020-10-31T17:00+00:00")
    try:
        datetime.fromisoformat(found.replace("Z", "+00:00"))
    except ValueError:
        raise BadTemplate(f"{where}date is not a time: {found}") from None
