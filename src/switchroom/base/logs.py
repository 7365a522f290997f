"""Logging: one line an event on standard error, as text or as JSON (`SWITCHROOM_LOG_FORMAT=json`)."""

import logging
import os
import re
import sys

import msgspec

from switchroom.base.clock import iso_ms

_QUIET = ("alembic", "asyncio", "botocore", "nats", "granian", "_granian", "httpx", "httpcore", "urllib3")
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


def configure() -> None:
    """Send Switchroom's own lines from the level `SWITCHROOM_LOG_LEVEL` (INFO), of libraries only warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if os.environ.get("SWITCHROOM_LOG_FORMAT") == "json" else _Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("switchroom").setLevel(os.environ.get("SWITCHROOM_LOG_LEVEL", "INFO").upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        name = record.name.removeprefix("switchroom.")
        return f"{_moment(record)} {record.levelname:7} {name}: {_message(self, record)}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"at": _moment(record), "level": record.levelname, "logger": record.name}
        return msgspec.json.encode(line | {"message": _message(self, record)}).decode()


def _moment(record: logging.LogRecord) -> str:
    return iso_ms(int(record.created * 1000))


def _message(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info:
        text = f"{text}\n{formatter.formatException(record.exc_info)}"
    return _SECRET.sub("***@", text)
