"""Interactive templates: what may be sent, and where a wrong one is wrong (FLOW-113..120)."""

import copy
import json
from typing import Any

import pytest

from switchroom.core.interactive import MAXIMUM_BYTES, BadTemplate, is_template, template_of

LIST: dict[str, Any] = {
    "templateType": "ListPicker",
    "version": "1.0",
    "data": {
        "replyMessage": {"title": "Thanks for selecting!", "subtitle": "Produce selected"},
        "content": {
            "title": "What produce would you like to buy?",
            "subtitle": "Tap to select option",
            "imageType": "URL",
            "imageData": "https://interactive.example.com/fruit.jpg",
            "imageDescription": "Select a produce to buy",
            "elements": [
                {"title": "Apple", "subtitle": "$1.00", "imageType": "URL", "imageData": "https://example.com/a.jpg"},
                {"title": "Orange", "subtitle": "$1.50"},
            ],
        },
    },
}
TIMES: dict[str, Any] = {
    "templateType": "TimePicker",
    "version": "1.0",
    "data": {
        "replyMessage": {"title": "Thanks for selecting", "subtitle": "Appointment selected"},
        "content": {
            "title": "Schedule appointment",
            "subtitle": "Tap to select option",
            "timeZoneOffset": -450,
            "location": {"latitude": 47.616299, "longitude": -122.4311, "title": "Oscar", "radius": 1},
            "timeslots": [
                {"date": "2020-10-31T17:00+00:00", "duration": 60},
                {"date": "2020-11-15T13:00+00:00", "duration": 60},
            ],
        },
    },
}
PANEL: dict[str, Any] = {
    "templateType": "Panel",
    "version": "1.0",
    "data": {"content": {"title": "How can I help you?", "elements": [{"title": "Talk to an agent"}]}},
}
QUICK: dict[str, Any] = {
    "templateType": "QuickReply",
    "version": "1.0",
    "data": {"content": {"title": "Which department?", "elements": [{"title": "Billing"}, {"title": "New"}]}},
}


def _carousel(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    elements = [{**copy.deepcopy(part), "templateIdentifier": f"template{at}"} for at, part in enumerate(parts)]
    return {
        "templateType": "Carousel",
        "version": "1.0",
        "data": {"content": {"title": "Popular destinations", "elements": elements, **more}},
    }


def _with(template: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """A copy with one place changed; `elements.0.title` goes through lists."""
    made: dict[str, Any] = copy.deepcopy(template)
    keys = place.split(".")
    holder: Any = made
    for key in keys[:-1]:
        holder = holder[int(key)] if key.isdigit() else holder[key]
    if value is ...:
        del holder[keys[-1]]
    else:
        holder[keys[-1]] = value
    return made


LINKED = _with(PANEL, "data.content.elements", [{"title": "Book", "type": "hyperlink", "url": "https://example.com/f"}])


@pytest.mark.parametrize(
    "template",
    [
        LIST,
        TIMES,
        PANEL,
        QUICK,
        _carousel(PANEL, LINKED, carouselVertical=True, omitTitleFromCarouselResponse=True),
        _carousel(LIST, LIST),
        _with(LIST, "data.content.elements.1.actionDetail", "SHOW_MORE"),
        _with(LIST, "data.content.preIndex", -1),
        _with(LIST, "data.content.title", "long " * 200),
        _with(TIMES, "data.content.timeslots", [{"date": "2020-08-14T21:21+00:00", "duration": 3_600}] * 40),
    ],
)
def test_templates_that_may_be_sent(template: dict[str, Any]) -> None:
    """FLOW-113..120, FLOW-122: the samples of the spec; texts that are too long are the client's business."""
    content = json.dumps(template)
    found = template_of(content)
    assert is_template(content)
    assert (found.kind, found.content) == (template["templateType"], content)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (_with(LIST, "version", "2.0"), "version"),
        (_with(LIST, "templateType", "Picker"), "templateType"),
        (_with(LIST, "data.content.title", ...), "data.content.title"),
        (_with(LIST, "data.replyMessage.title", ...), "data.replyMessage.title"),
        (_with(LIST, "data.content.elements", []), "1 to 6"),
        (_with(LIST, "data.content.elements", [{"title": "x"}] * 7), "1 to 6"),
        (_with(LIST, "data.content.imageType", "FILE"), "imageType"),
        (_with(LIST, "data.content.imageData", "javascript:alert(1)"), "public URL"),
        (_with(LIST, "data.content.elements.1.imageDescription", "no image"), "without an image"),
        (_with(LIST, "data.content.elements.1.actionDetail", "MORE"), "actionDetail"),
        (_with(PANEL, "data.content.elements", [{"title": "x"}] * 11), "1 to 10"),
        (_with(QUICK, "data.content.elements", [{"title": "x"}]), "2 to 5"),
        (_with(QUICK, "data.content.elements", [{"title": "x"}] * 6), "2 to 5"),
        (_with(TIMES, "data.content.timeslots", []), "1 to 40"),
        (_with(TIMES, "data.content.timeslots.0.duration", 3_601), "duration"),
        (_with(TIMES, "data.content.timeslots.0.date", "tomorrow"), "date"),
        (_with(TIMES, "data.content.timeslots.0.date", "2020-13-31T17:00+00:00"), "date"),
        (_with(TIMES, "data.content.timeZoneOffset", 841), "timeZoneOffset"),
        (_with(TIMES, "data.content.location.latitude", 91), "latitude"),
        (_with(TIMES, "data.content.location.longitude", ...), "longitude"),
        (_carousel(PANEL), "2 to 5"),
        (_carousel(PANEL, LIST), "all of type"),
        (_carousel(QUICK, QUICK), "all of type"),
        (_with(_carousel(PANEL, PANEL), "data.content.elements.1.templateIdentifier", "template0"), "no other"),
        (_with(_carousel(PANEL, LINKED), "data.content.elements.1.data.content.elements.0.url", "x"), "public URL"),
        ({"templateType": "ListPicker", "version": "1.0"}, "data"),
    ],
)
def test_templates_that_may_not(template: dict[str, Any], reason: str) -> None:
    """FLOW-113: a wrong one is refused, and the reason names the place."""
    with pytest.raises(BadTemplate, match=reason):
        template_of(json.dumps(template))


def test_size_and_syntax() -> None:
    """FLOW-122: the whole is smaller than 20 KB; broken JSON is a template that cannot be sent, plain text is none."""
    with pytest.raises(BadTemplate, match="20 KB"):
        template_of(json.dumps(_with(LIST, "data.content.title", "x" * MAXIMUM_BYTES)))
    with pytest.raises(BadTemplate, match="not JSON"):
        template_of('{"templateType":')
    assert is_template('{"templateType": broken')
    assert not is_template("Hello {name}")
    assert not is_template('{"answer": 42}')
