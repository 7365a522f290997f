"""From an HTTP request to the checked input of an operation, compiled from the model."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.wire.service_model import OperationModel, ServiceModel
from switchroom.wire.shapes.checker import Check, CheckerCompiler, Problems, check_members, label

FromText = Callable[[str], Any]
Located = tuple[str, str, FromText, Check, str]
"""(member name, wire name, reader of the text, checker, name in messages)"""

_decode = msgspec.json.Decoder().decode
_MOST_FIELDS = 1000
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class RequestReader:
    """Reads the input of one operation. `malformed_code` and `invalid_code` are the errors the operation models."""

    __slots__ = ("_body", "_headers", "_labels", "_lists", "_payload", "_query", "_required", "invalid_code",
                 "malformed_code", "needs_body")  # fmt: skip

    def __init__(self, model: ServiceModel, operation: OperationModel, compiler: CheckerCompiler) -> None:
        self.malformed_code, self.invalid_code = error_codes(model, operation)
        shape = model.shape(operation.input_shape) if operation.input_shape else {"members": {}}
        self._labels: dict[str, Located] = {}
        self._query: dict[str, Located] = {}
        self._lists: frozenset[str] = frozenset()
        self._headers: list[Located] = []
        body: dict[str, tuple[str, Check, str]] = {}
        lists = set()
        for name, member in shape["members"].items():
            location, wire = member.get("location"), member.get("locationName", name)
            target = model.shape(member["shape"])
            is_list = location == "querystring" and target["type"] == "list"
            read = _text_reader(model.shape(target["member"]["shape"]) if is_list else target)
            located = (name, wire, read, compiler.compile(member["shape"]), label(name))
            if is_list:
                lists.add(wire)
            if location == "uri":
                self._labels[wire] = located
            elif location == "querystring":
                self._query[wire] = located
            elif location == "header":
                self._headers.append((name, wire.lower(), read, located[3], located[4]))
            else:
                body[wire] = (name, located[3], located[4])
        self._lists = frozenset(lists)
        payload = shape.get("payload")
        self._payload = (payload, body[payload][1], label(payload)) if payload else None
        self._body = check_members(body, []) if body else None
        self._required = [(name, label(name)) for name in shape.get("required", ())]
        self.needs_body = bool(body) and operation.method in _BODY_METHODS

    def read(self, labels: Mapping[str, str], query: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The input. Raises the modelled ServiceError for what is malformed or breaks a constraint."""
        problems = Problems()
        result = self._read_body(body, problems) if self.needs_body else {}
        if labels:
            self._read_labels(labels, result, problems)
        if query and self._query:
            self._read_query(query, result, problems)
        for name, wire, read, check, shown in self._headers:
            text = headers.get(wire)
            if text is not None:
                result[name] = check(read(text), problems, shown)
        for name, shown in self._required:
            if name not in result:
                problems.violate("null", shown, "Member must not be null")
        if problems.malformed:
            raise ServiceError(self.malformed_code, problems.malformed[0])
        if problems.violations:
            raise ServiceError(self.invalid_code, problems.message())
        return result

    def _read_body(self, body: bytes, problems: Problems) -> dict[str, Any]:
        if not body:
            return {}
        if b"\\u0000" in body:
            raise ServiceError(self.malformed_code, "The body has a NUL character in a text")
        try:
            value = _decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ServiceError(self.malformed_code, f"The body is not JSON: {error}") from None
        try:
            if self._payload is not None:
                name, check, shown = self._payload
                return {name: check(value, problems, shown)}
            result: Any = self._body(value, problems, "") if self._body else {}
        except RecursionError:
            raise ServiceError(self.malformed_code, "The body is nested too deeply") from None
        return result if type(result) is dict else {}

    def _read_labels(self, labels: Mapping[str, str], result: dict[str, Any], problems: Problems) -> None:
        for wire, text in labels.items():
            name, _, read, check, shown = self._labels[wire]
            plain = self._unquote(text) if "%" in text else text
            result[name] = check(read(plain), problems, shown)

    def _read_query(self, query: str, result: dict[str, Any], problems: Problems) -> None:
        lists: dict[str, list[Any]] = {}
        for wire, text in self._pairs(query):
            located = self._query.get(wire)
            if located is None:
                continue
            if "\0" in text:
                raise ServiceError(self.malformed_code, "The URL has a NUL character")
            if wire in self._lists:
                lists.setdefault(wire, []).append(located[2](text))
            else:
                result[located[0]] = located[3](located[2](text), problems, located[4])
        for wire, items in lists.items():
            name, _, _, check, shown = self._query[wire]
            result[name] = check(items, problems, shown)

    def _pairs(self, query: str) -> list[tuple[str, str]]:
        try:
            if "%" not in query and "+" not in query and query.isascii() and query.count("&") < _MOST_FIELDS:
                return [part.partition("=")[::2] for part in query.split("&")]
            return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise ServiceError(self.malformed_code, "The query of the URL is not well formed") from None

    def _unquote(self, text: str) -> str:
        try:
            plain = unquote(text, errors="strict")
        except UnicodeDecodeError:
            raise ServiceError(self.malformed_code, "The path of the URL is not UTF-8") from None
        if "\0" in plain:
            raise ServiceError(self.malformed_code, "The URL has a NUL character")
        return plain


def error_codes(model: ServiceModel, operation: OperationModel) -> tuple[str, str]:
    """The modelled errors for a malformed request and for a broken constraint."""
    modelled = operation.errors or model.exceptions.keys()
    known = modelled if any("Invalid" in name or "Validation" in name for name in modelled) else model.exceptions
    for_malformed = ("InvalidRequestException", "ValidationException", "InvalidParameterException")
    for_constraint = ("InvalidParameterException", "ValidationException", "InvalidRequestException")
    return (
        next((name for name in for_malformed if name in known), "ValidationException"),
        next((name for name in for_constraint if name in known), "ValidationException"),
    )


def _text_reader(shape: dict[str, Any]) -> FromText:
    kind = shape["type"]
    if kind in ("integer", "long"):
        return _integer
    if kind in ("float", "double"):
        return _number
    return _boolean if kind == "boolean" else _text


def _text(text: str) -> Any:
    return text


def _integer(text: str) -> Any:
    return int(text) if len(text) <= 20 and text.lstrip("-").isdecimal() and text.isascii() else text


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _boolean(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)
