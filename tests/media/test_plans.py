"""Plans carried out by a real media process on real telephones; the test plays the centre's part of the protocol."""

import asyncio

import msgspec
import numpy as np
import pytest

from switchroom.core.call import Dial
from switchroom.core.media import Audio, LegPlan, Sound, StreamPlan
from switchroom.core.voice_commands import AudioEnded, LegAnswered, LegGone, LegRinging
from switchroom.media.streams import Fragment
from switchroom.resources.repository import SYSTEM
from tests.media.caller import Telephone, strength, tone
from tests.media.stand_in import Centre, dialled

pytestmark = pytest.mark.process
BEEP = Sound(tone="beep")


async def test_a_leg_is_called_played_to_and_listened_to(centre: Centre) -> None:
    """Ringing, early media, answer; a sound; keys sent with their pause (BLK-169); keys entered (BLK-157)."""
    far = await centre.telephone("a")
    far.answers, far.early = False, True
    await centre.plan(dialled())
    await centre.hears(centre.of(LegRinging, leg="a", early=False))
    await centre.hears(centre.of(LegRinging, leg="a", early=True))
    far.pick_up()
    await centre.hears(centre.of(LegAnswered, leg="a"))
    await centre.plan(dialled(audio=Audio("p1", "play", (BEEP,))))
    await centre.hears(centre.of(AudioEnded, audio="p1", kind="done"))
    assert strength(far.heard.sound[-8000:], 1000) > 300
    await centre.plan(dialled(digits=(3, "1,2")))
    while far.heard.keys != ["1", "2"]:
        await asyncio.sleep(0.02)
    await centre.plan(dialled(digits=(3, "1,2"), audio=Audio("c1", "collect", (BEEP,), maximum=9, terminator="#")))
    await asyncio.sleep(0.1)
    far.press("42#")
    ended = await centre.hears(centre.of(AudioEnded, audio="c1"))
    assert (ended.kind, ended.value) == ("done", "42")
    assert far.heard.keys == ["1", "2"]
    await centre.plan()
    await asyncio.wait_for(far.over.wait(), 5)
    await far.close()


async def test_nothing_pressed_is_a_timeout(centre: Centre) -> None:
    """BLK-160."""
    far = await centre.telephone("a")
    await centre.plan(dialled(audio=Audio("c1", "collect", (), first_timeout_ms=300)))
    await centre.hears(centre.of(AudioEnded, audio="c1", kind="timeout"))
    await far.close()


async def test_the_same_plan_again_and_older_ones_change_nothing(centre: Centre) -> None:
    far = await centre.telephone("a")
    await centre.plan(dialled())
    await centre.hears(centre.of(LegAnswered, leg="a"))
    await centre.plan(dialled(), again=True)
    centre.version -= 1
    await centre.plan(again=True)
    centre.version += 1
    await asyncio.sleep(0.2)
    assert not far.over.is_set()
    assert len(centre.process.plane.legs) == 1
    await far.close()


async def test_who_hangs_up_is_told_with_the_quality(centre: Centre) -> None:
    """REC-37: what the leg measured comes with its end."""
    far = await centre.telephone("a")
    await centre.plan(dialled())
    await centre.hears(centre.of(LegAnswered, leg="a"))
    await asyncio.sleep(1.5)
    await far.hang_up()
    gone = await centre.hears(centre.of(LegGone, leg="a"))
    assert gone.cause == "hangup"
    assert gone.quality["score"] > 3.5
    assert gone.quality["issues"] == []
    await far.close()


@pytest.mark.parametrize(("code", "cause"), [(486, "busy"), (404, "invalid"), (480, "no_answer"), (603, "rejected")])
async def test_why_a_call_was_not_answered(centre: Centre, code: int, cause: str) -> None:
    far = await centre.telephone("a")
    far.answer_code = code
    await centre.plan(dialled())
    gone = await centre.hears(centre.of(LegGone, leg="a"))
    assert (gone.cause, gone.code) == (cause, code)
    await far.close()


async def test_a_call_rings_out(centre: Centre) -> None:
    far = await centre.telephone("a")
    far.answers = False
    await centre.plan(LegPlan("a", dial=Dial("+12025550143", timeout=1)))
    gone = await centre.hears(centre.of(LegGone, leg="a"))
    assert gone.cause == "no_answer"
    await asyncio.wait_for(far.over.wait(), 5)
    await far.close()


async def test_legs_that_are_not_there(centre: Centre) -> None:
    """No trunk leads out; an inbound leg that nobody knows."""
    await centre.plan(dialled("a"), LegPlan("b", answer=True))
    assert (await centre.hears(centre.of(LegGone, leg="a"))).cause == "failed"
    assert (await centre.hears(centre.of(LegGone, leg="b"))).cause == "failed"


async def test_a_call_that_the_centre_does_not_know_ends(centre: Centre) -> None:
    far = await centre.telephone("a")
    centre.refusal = "ResourceNotFoundException"
    await centre.plan(dialled())
    await asyncio.wait_for(far.over.wait(), 5)
    assert not centre.process.plane.calls
    await far.close()


async def test_two_talk_one_is_muted_one_is_held(centre: Centre) -> None:
    """DESK-41, DESK-42: the room, as the plan has it."""
    one = await centre.telephone("a")
    one.say = tone(440)
    legs = [dialled("a", talk=True, hear=True)]
    await centre.plan(*legs)
    await centre.hears(centre.of(LegAnswered, leg="a"))
    for trunk in centre.process.catalogue.site_wide("trunk"):
        await centre.repository.delete(centre.instance, "trunk", trunk.id, actor=SYSTEM)
    two = await centre.telephone("b")
    two.say = tone(600)
    await centre.plan(legs[0], dialled("b", talk=True, hear=True))
    await centre.hears(centre.of(LegAnswered, leg="b"))
    await _heard(one, 600, True)
    await _heard(two, 440, True)
    await centre.plan(legs[0], dialled("b", talk=True, hear=True, mute=True))
    await _heard(one, 600, False)
    await _heard(two, 440, True)
    await centre.plan(dialled("a"), dialled("b", talk=True, hear=True))
    await _heard(two, 440, False)
    await one.close()
    await two.close()


async def _heard(telephone: Telephone, frequency: float, wanted: bool) -> None:
    for _ in range(150):
        await asyncio.sleep(0.05)
        if (strength(telephone.heard.sound[-2400:], frequency) > 2000) == wanted:
            return
    raise AssertionError(f"{frequency} Hz heard: {not wanted}")


async def test_a_customers_sound_is_streamed(centre: Centre) -> None:
    """FLOW-130, BLK-155: two tracks of the call at 8 kHz, in order."""
    far = await centre.telephone("a")
    far.say = tone(440)
    await centre.plan(dialled())
    await centre.hears(centre.of(LegAnswered, leg="a"))
    stream = StreamPlan("s", contact="contact-1", leg="a")
    await centre.plan(dialled(audio=Audio("t", "loop", (Sound(tone="ringback"),))), stream=stream)
    await asyncio.sleep(1.0)
    found: dict[str, list[Fragment]] = {}
    reader = await centre.bus.jetstream.pull_subscribe(f"audio.{centre.instance}.contact-1.*", stream="AUDIO")
    for message in await reader.fetch(8, timeout=5):
        fragment = msgspec.msgpack.decode(message.data, type=Fragment)
        found.setdefault(fragment.track, []).append(fragment)
    assert set(found) == {"AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER"}
    said = np.frombuffer(b"".join(one.audio for one in found["AUDIO_FROM_CUSTOMER"]), "<i2")
    heard = np.frombuffer(b"".join(one.audio for one in found["AUDIO_TO_CUSTOMER"]), "<i2")
    assert strength(said[-1600:], 440) > 3000
    assert strength(heard[-1600:], 480) > 1000
    assert [one.number for one in found["AUDIO_TO_CUSTOMER"]] == list(range(1, len(found["AUDIO_TO_CUSTOMER"]) + 1))
    await far.close()
