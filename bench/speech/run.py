"""The speech process over NATS against its engine called directly; detectors of speech; an ear."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bench.report import Line, Report
from switchroom.app.engines import NatsEngine
from switchroom.base.environment import to_environment
from switchroom.base.settings import Settings
from switchroom.speech import ear
from switchroom.speech.engines.hibari import Hibari
from switchroom.speech.engines.openjtalk import installed
from switchroom.speech.vad import CHUNK, Silero
from switchroom.speech.wav import resampled, to_samples
from switchroom.storage.bus import Bus, NoResponders

_PLAIN = "You are caller number {} in the queue. Please stay on the line."
_LONG = "This is one sentence of a longer text that a flow has to say. " * 20
_JAPANESE = "ただいま{}番目にお待ちいただいております。このままお待ちください。"


def run() -> Report:
    """The bench."""
    report = Report("the speech process")
    direct = _engine(report)
    _detector(report)
    if ear.installed():
        _ear(report)
    with tempfile.TemporaryDirectory(prefix="sw-") as name:
        nats = NatsEngine(Path(name) / "nats", Path(name) / "nats.log")
        child = nats.start()
        nats.wait(child)
        try:
            asyncio.run(_service(report, Settings(data=Path(name), nats_url=nats.url), direct))
        finally:
            nats.stop(child)
    return report


def _seconds(act: Callable[[int], object], times: int) -> float:
    taken = []
    for number in range(times):
        began = time.perf_counter()
        act(number)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _engine(report: Report) -> float:
    engine = Hibari()
    began = time.perf_counter()
    engine.load()
    report.add(Line("engine, English: loaded", time.perf_counter() - began, "s"))

    def say(number: int) -> None:
        for sentence in engine.sentences(_PLAIN.format(number)):
            resampled(engine.say(sentence, 1.0), engine.rate)

    direct = _seconds(say, 30)
    report.add(Line("engine, English: two sentences", direct * 1_000, "ms"))
    return direct


def _detector(report: Report) -> None:
    detector = Silero()
    chunk = np.random.default_rng(1).normal(0, 300, CHUNK).astype(np.int16)
    taken = _seconds(lambda _: detector(chunk), 2_000)
    report.add(Line("detector of speech: a chunk of 32 ms", taken * 1_000_000, "us"))


def _ear(report: Report) -> None:
    engine = Hibari()
    samples = to_samples(resampled(engine.say("I would like to pay my bill, please.", 1.0), engine.rate))
    listener = ear.Whisper(workers=1)
    listener.load()
    report.add(Line("ear: one utterance", _seconds(lambda _: listener.hear(samples), 6), "s"))


async def _service(report: Report, settings: Settings, direct: float) -> None:
    bus = Bus(settings.nats_url or "")
    await bus.open()
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "switchroom.speech"], env=os.environ | to_environment(settings))  # noqa: ASYNC220
    try:
        await _first(bus)
        report.add(Line("process: from its start to the first words", time.perf_counter() - began, "s"))
        await asyncio.sleep(3)
        report.add(Line("process: memory, idle", _megabytes(process.pid), "MB"))
        await _requests(report, bus, direct)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        await bus.close()


async def _requests(report: Report, bus: Bus, direct: float) -> None:
    made = statistics.median([(await _ask(bus, text=_PLAIN.format(n)))[0] for n in range(100, 140)])
    report.add(
        Line("two sentences, made", made * 1_000, "ms", ratio=made / direct, against="the engine alone", at_most=3.0)
    )
    kept = [(await _ask(bus, text=_PLAIN.format(100)))[0] for _ in range(200)]
    report.add(Line("two sentences, kept", statistics.median(kept) * 1_000, "ms", at_most=5.0))
    taken, answer = await _ask(bus, text=_LONG)
    report.add(Line("a long text, seconds of sound a second", answer["ms"] / 1_000 / taken, "x", at_least=20.0))
    if installed():
        made = statistics.median([(await _ask(bus, text=_JAPANESE.format(n), voice="Mizuki"))[0] for n in range(9)])
        report.add(Line("two Japanese sentences, made", made * 1_000, "ms"))
    began = time.perf_counter()
    answers = await asyncio.gather(*(_ask(bus, text=_PLAIN.format(n)) for n in range(1_000, 1_100)))
    sound = sum(answer["ms"] for _, answer in answers) / 1_000
    report.add(Line("100 callers at once, seconds of sound a second", sound / (time.perf_counter() - began), "x"))


async def _ask(bus: Bus, **request: Any) -> tuple[float, dict[str, Any]]:
    began = time.perf_counter()
    answer = msgspec.msgpack.decode(await bus.request("sounds.render", msgspec.msgpack.encode(request), 60))
    return time.perf_counter() - began, answer


async def _first(bus: Bus) -> None:
    while True:
        try:
            await _ask(bus, text="Hello.")
        except NoResponders:
            await asyncio.sleep(0.02)
        else:
            return


def _megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1_024
