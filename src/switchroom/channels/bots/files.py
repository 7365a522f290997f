"""Bot definitions as files: archives as Lex V2 imports and exports them, and those of its first generation."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from switchroom.channels.bots import classic_files
from switchroom.channels.bots.engine.definition import items, mapping

MOST_FILES = 5_000
MOST_BYTES = 20 * 1024 * 1024
_LOCALE = re.compile(
    r"(?:^|/)(?P<locale>[a-z]{2,3}(?:_[A-Z0-9]{2,4})?)/(?P<rest>BotLocale\.json|Intents/.+|SlotTypes/.+|CustomVocabulary/.+)$"
)
_INTENT = re.compile(r"Intents/(?P<intent>[^/]+)/(?:Intent\.json|Slots/(?P<slot>[^/]+)/Slot\.json)$")
_RENAMED = {
    "messageGroupList": "messageGroupsList",
    "messageGroups": "messageGroupsList",
    "active": "isActive",
    "valueElicitationSetting": "slotValueElicitationSetting",
    "confirmationPrompt": "promptSpecification",
    "allowMultipleValues": "allowMutlipleValues",
}
"""Other names that files in use have for the same member; the names that stay are those of exports."""


class BadFile(ValueError):
    """The file is no bot definition; the text tells why."""


def read_file(data: bytes) -> dict[str, Any]:
    """The definition in an archive, or in a JSON file of the first generation. Raises BadFile."""
    if data[:1] in (b"{", b"[", b"\xef"):
        return _from_json(_json(data, "the file"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = dict(_entries(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as wrong:
        raise BadFile(f"This is no archive of a bot: {wrong}") from None
    parts = {path: _json(content, path) for path, content in files.items()}
    if len(parts) == 1:
        return _from_json(next(iter(parts.values())))
    return _assembled(parts)


def write_file(definition: dict[str, Any], version: str) -> bytes:
    """The definition as an archive that Lex V2 imports."""
    bot = {**mapping(definition.get("bot")), "version": version}
    name = re.sub(r"[^\w-]", "_", str(bot.get("name") or "Bot"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = {"metadata": {"schemaVersion": "1.0", "fileFormat": "LexJson", "resourceType": "Bot"}}
        for path, content in (("Manifest.json", manifest), (f"{name}/Bot.json", bot), *_locale_files(name, definition)):
            entry = zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, json.dumps(content, ensure_ascii=False, indent=1))
    return out.getvalue()


def canonical(value: Any) -> Any:
    """A definition with one name for what files in use name in several ways; everything else stays."""
    if isinstance(value, dict):
        out: dict[str, Any] = {}
        for key, inner in value.items():
            name = _RENAMED.get(str(key), str(key))
            if name == key or name not in value:
                out[name] = canonical(inner)
        return out
    return [canonical(one) for one in value] if isinstance(value, list) else value


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    known = [one for one in archive.infolist() if one.filename.endswith(".json") and "__MACOSX" not in one.filename]
    if len(known) > MOST_FILES:
        raise BadFile(f"The archive has more than {MOST_FILES} files")
    left = MOST_BYTES
    for one in known:
        with archive.open(one) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BadFile(f"The archive holds more than {MOST_BYTES // 1024 // 1024} MB")
        yield one.filename.replace("\\", "/"), content


def _json(content: bytes, path: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadFile(f"{path} is not JSON") from None


def _from_json(document: Any) -> dict[str, Any]:
    if mapping(document).get("locales") is not None:
        return dict(canonical(document))
    if mapping(document).get("resource") is not None:
        return classic_files.definition_of(mapping(document["resource"]))
    raise BadFile("The file is no bot definition")


def _assembled(parts: dict[str, Any]) -> dict[str, Any]:
    bot = next((part for path, part in parts.items() if path.rsplit("/", 1)[-1] == "Bot.json"), None)
    locales: dict[str, dict[str, Any]] = {}
    slots: dict[tuple[str, str], list[Any]] = {}
    for path, part in sorted(parts.items()):
        found = _LOCALE.search(path)
        if found is None:
            continue
        locale = locales.setdefault(found["locale"], {"locale": {}, "intents": [], "slotTypes": []})
        _place(locale, found["locale"], found["rest"], part, slots)
    if not locales:
        raise BadFile("The archive holds no locale of a bot")
    for identifier, locale in locales.items():
        for intent in locale["intents"]:
            folder = str(intent.pop("__folder"))
            intent["slots"] = slots.get((identifier, folder), [])
    first = next(iter(locales))
    standing = {"name": f"Imported-{first.replace('_', '-')}", "idleSessionTTLInSeconds": 300}
    return dict(canonical({"bot": mapping(bot) or standing, "locales": locales}))


def _place(
    locale: dict[str, Any], identifier: str, rest: str, part: Any, slots: dict[tuple[str, str], list[Any]]
) -> None:
    intent = _INTENT.match(rest)
    if rest == "BotLocale.json":
        locale["locale"] = mapping(part)
    elif intent is not None and intent["slot"] is not None:
        slots.setdefault((identifier, str(intent["intent"])), []).append(mapping(part))
    elif intent is not None:
        locale["intents"].append({**mapping(part), "__folder": intent["intent"]})
    elif rest.startswith("SlotTypes/") and rest.endswith("/SlotType.json"):
        locale["slotTypes"].append(mapping(part))
    elif rest.startswith("CustomVocabulary/"):
        locale["customVocabulary"] = mapping(part)


def _locale_files(name: str, definition: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for identifier, locale in mapping(definition.get("locales")).items():
        base = f"{name}/BotLocales/{identifier}"
        yield f"{base}/BotLocale.json", {"name": identifier, "identifier": identifier, **mapping(locale.get("locale"))}
        for intent in items(locale.get("intents")):
            folder = f"{base}/Intents/{intent.get('name')}"
            yield f"{folder}/Intent.json", {key: value for key, value in intent.items() if key != "slots"}
            for slot in items(intent.get("slots")):
                yield f"{folder}/Slots/{slot.get('name')}/Slot.json", slot
        for kind in items(locale.get("slotTypes")):
            yield f"{base}/SlotTypes/{kind.get('name')}/SlotType.json", kind
        if locale.get("customVocabulary"):
            yield f"{base}/CustomVocabulary/CustomVocabulary.json", locale["customVocabulary"]
