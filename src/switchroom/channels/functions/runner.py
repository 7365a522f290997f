"""Which function an ARN names, and calling it within its time."""

import asyncio
import json
import logging
import re
import time
from pathlib import Path
from typing import Any, Protocol

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import now_ms
from switchroom.channels.functions.failure import CallLog, FunctionFailed, Retriable
from switchroom.channels.functions.local import LocalFunction
from switchroom.channels.functions.remote import AwsFunction, HttpFunction

__all__ = ["CallLog", "FunctionFailed", "FunctionInfo", "FunctionRunner"]

log = logging.getLogger(__name__)

RETRIES = 3
MAXIMUM_MS = 8_000
MAXIMUM_RESPONSE = 32 * 1024
PAUSES_MS = (100, 300, 900)
SAMPLES = Path(__file__).with_name("samples")
_ARN = re.compile(r"arn:(aws[\w-]*):lambda:([\w-]*):(\d*):function:([\w-]+)(?::([\w$.-]+))?")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,140}")


class FunctionInfo(msgspec.Struct, frozen=True):
    """A function that flows can call. `kind`: `local`, `sample`, `http` or `aws`."""

    arn: str
    name: str
    kind: str


class _Function(Protocol):
    name: str
    arn: str

    async def call(self, event: str, timeout_ms: int, call_log: CallLog) -> bytes: ...

    async def close(self) -> None: ...


class _Remote(msgspec.Struct, rename="pascal"):
    """`NAME.json` in the folder: where a function runs."""

    url: str | None = None
    handler: str | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    lambda_arn: str | None = None
    arn: str | None = None


class FunctionRunner:
    """Calls functions by ARN.

    The folder holds local functions (`NAME.py` with `handler(event, context)`) and, as `NAME.json`, others:
    `{"Url": "https://...", "Headers": {...}}`, `{"LambdaArn": "arn:aws:lambda:..."}`, or `{"Handler": "OTHER"}` for the
    local function OTHER. Each is `arn:aws:lambda:REGION:ACCOUNT:function:NAME` of this site. Those of the second kind
    also answer to their LambdaArn and to an `"Arn"` beside it, so that a flow of another account needs no change. The
    shipped samples are there unless the folder has a function of the same name. With `aws`, any other ARN is called in
    AWS Lambda.
    """

    def __init__(self, folder: Path | None, site: Site, *, aws: bool = False) -> None:
        self._folder = folder
        self._site = site
        self._aws = aws
        self._closed = False
        self._open: dict[str, _Function] = {}
        self._sources: dict[str, tuple[Path, int]] = {}

    def arn(self, name: str) -> str:
        """The ARN of a function of this site."""
        return f"arn:aws:lambda:{self._site.region}:{self._site.account}:function:{name}"

    def functions(self) -> list[FunctionInfo]:
        """The functions of this site by name."""
        found: dict[str, FunctionInfo] = {}
        for folder, own in ((SAMPLES, False), (self._folder, True)):
            if folder is None or not folder.is_dir():
                continue
            for file in folder.iterdir():
                if file.suffix not in (".py", ".json") or not _NAME.fullmatch(file.stem) or file.stem == "__init__":
                    continue
                kind = ("local" if own else "sample") if file.suffix == ".py" else _kind_of(file)
                found[file.stem] = FunctionInfo(self.arn(file.stem), file.stem, kind)
        return sorted(found.values(), key=lambda info: info.name)

    async def invoke(self, arn: str, event: str, timeout_ms: int, tries: list[CallLog] | None = None) -> Any:
        """The parsed JSON answer of a function to an event (JSON text).

        All tries together take at most `timeout_ms` (8 s at most): throttling and faults of the 500 class are tried
        again up to three times (FLOW-125, BLK-089, BLK-090). What is known of each try is added to `tries`. Raises
        FunctionFailed.
        """
        deadline = time.monotonic() + min(timeout_ms, MAXIMUM_MS) / 1000
        function = await self._find(arn)
        tries = [] if tries is None else tries
        for pause in (*PAUSES_MS, None):
            left = int((deadline - time.monotonic()) * 1000)
            if left <= 0:
                raise FunctionFailed(f"The function {function.name} had no time left")
            try:
                tries.append(CallLog(arn, at=now_ms()))
                return await _try(function, event, left, tries[-1])
            except Retriable as fault:
                if self._closed or pause is None or time.monotonic() + pause / 1000 >= deadline:
                    raise
                log.info("%s: trying again in %d ms", fault.text, pause)
                await asyncio.sleep(pause / 1000)
            except OSError as fault:
                raise FunctionFailed(f"The function {function.name} cannot be started: {fault}") from None
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """End every process and connection; calls under way fail."""
        self._closed = True
        functions, self._open = self._open, {}
        for function in functions.values():
            await function.close()

    async def _find(self, arn: str) -> _Function:
        named = _ARN.fullmatch(arn)
        if named is None:
            raise FunctionFailed(f"{arn} is not the ARN of a function")
        region, account, name = named.group(2, 3, 4)
        source = self._source(name) if (region, account) == (self._site.region, self._site.account) else None
        if source is None:
            source = self._standing_in(arn)
        if source is None:
            if not self._aws:
                raise FunctionFailed(f"There is no function {name}")
            return self._open.setdefault(arn, AwsFunction(arn))
        stamp = (source, source.stat().st_mtime_ns if source.suffix == ".json" else 0)
        function = self._open.get(arn)
        if function is None or self._sources.get(arn) != stamp:
            if function is not None:
                await function.close()
            function = self._open[arn] = self._made(name, source)
            self._sources[arn] = stamp
        return function

    def _source(self, name: str) -> Path | None:
        for folder in (self._folder, SAMPLES):
            for suffix in (".py", ".json"):
                if folder is not None and (folder / f"{name}{suffix}").is_file():
                    return folder / f"{name}{suffix}"
        return None

    def _handler(self, name: str) -> Path | None:
        """The `NAME.py` of a local function."""
        source = self._source(name) if _NAME.fullmatch(name) else None
        return source if source is not None and source.suffix == ".py" else None

    def _standing_in(self, arn: str) -> Path | None:
        """The `NAME.json` that says it answers to a foreign ARN."""
        for file in sorted(self._folder.glob("*.json")) if self._folder is not None else ():
            remote = _read(file)
            if remote is not None and arn in (remote.arn, remote.lambda_arn):
                return file
        return None

    def _made(self, name: str, source: Path) -> _Function:
        if source.suffix == ".py":
            return LocalFunction(name, self.arn(name), source)
        remote = _read(source)
        if remote is not None and remote.handler and (handler := self._handler(remote.handler)):
            return LocalFunction(name, self.arn(name), handler)
        if remote is not None and remote.url:
            return HttpFunction(name, self.arn(name), remote.url, remote.headers)
        if remote is not None and remote.lambda_arn and _ARN.fullmatch(remote.lambda_arn):
            return AwsFunction(remote.lambda_arn)
        raise FunctionFailed(f"{source.name} names no Url, no LambdaArn and no Handler that is here")


def unqualified(arn: str) -> str:
    """The ARN of a function without a version or alias behind it."""
    named = _ARN.fullmatch(arn)
    return arn if named is None or named.group(5) is None else arn[: -len(named.group(5)) - 1]


async def _try(function: _Function, event: str, left: int, call_log: CallLog) -> Any:
    begun = time.monotonic()
    try:
        return _parsed(function.name, await function.call(event, left, call_log))
    except (FunctionFailed, OSError) as fault:
        call_log.fault = str(fault)
        raise
    finally:
        call_log.duration_ms = round((time.monotonic() - begun) * 1000)


def _read(source: Path) -> _Remote | None:
    try:
        return msgspec.json.decode(source.read_bytes(), type=_Remote)
    except (OSError, msgspec.DecodeError) as wrong:
        log.warning("%s cannot be read: %s", source, wrong)
        return None


def _kind_of(source: Path) -> str:
    remote = _read(source)
    return "aws" if remote is not None and remote.lambda_arn else "http"


def _parsed(name: str, answer: bytes) -> Any:
    if len(answer) > MAXIMUM_RESPONSE:
        raise FunctionFailed(f"The answer of the function {name} is larger than 32 KB")
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        raise FunctionFailed(f"The answer of the function {name} is not JSON") from None
