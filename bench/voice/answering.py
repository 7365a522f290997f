"""baresip-python that answers every call and says back what it hears: the peer of the bench, a process of its own.

`python -m bench.voice.answering PORT`
"""

import asyncio
import contextlib
import sys

from baresip import Account, AudioNotActive, AudioRestarted, CallState, Config, Runtime, UserAgent


async def main(port: int) -> None:
    """Answer until the process is ended."""
    runtime = Runtime()
    await runtime.start(
        Config(
            net_interface="127.0.0.1",
            max_concurrent_calls=400,
            rtp_timeout=30,
            extra_config_text=f"sip_listen 127.0.0.1:{port}\nrtp_ports 40000-49998\n",
        )
    )
    agent = await UserAgent.create(
        runtime,
        Account(
            user="inbound",
            domain=f"127.0.0.1:{port}",
            password="",
            reg_interval=0,
            audio_codecs=("pcmu",),
            extra_params=("catchall=yes", "video_codecs=none"),
        ),
    )
    tasks: set[asyncio.Task[None]] = set()

    def arrived(call: object) -> None:
        task = asyncio.ensure_future(_echo(call))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    agent.on_incoming(arrived)
    print("ready", flush=True)
    await asyncio.Event().wait()


async def _echo(call: object) -> None:
    with contextlib.suppress(Exception):
        await call.answer()  # type: ignore[attr-defined]
        while call.state is not CallState.CLOSED:  # type: ignore[attr-defined]
            with contextlib.suppress(AudioNotActive, AudioRestarted):
                if pcm := call.audio.read(1280):  # type: ignore[attr-defined]
                    call.audio.write(pcm)  # type: ignore[attr-defined]
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
