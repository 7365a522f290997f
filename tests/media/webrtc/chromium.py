"""Chromium with a microphone that plays a file, and a page that calls and listens."""

import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, Page, async_playwright

from tests.media.webrtc.peers import tone

ORIGIN = "https://caller.test/"
PAGE = """<!doctype html><title>caller</title><script>
let connection, context, analyser, stream;
async function call(video) {
  stream = await navigator.mediaDevices.getUserMedia({audio: {echoCancellation: false, noiseSuppression: false,
    autoGainControl: false}, video});
  connection = new RTCPeerConnection({bundlePolicy: "max-bundle"});
  connection.ontrack = (event) => {
    const arrived = new MediaStream([event.track]);
    if (event.track.kind === "video") { document.querySelector("video").srcObject = arrived; return; }
    const audio = new Audio(); audio.muted = true; audio.srcObject = arrived; audio.play();
    context = new AudioContext(); analyser = context.createAnalyser(); analyser.fftSize = 8192;
    context.createMediaStreamSource(audio.srcObject).connect(analyser);
  };
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
  await offer();
}
async function offer(restart) {
  await connection.setLocalDescription(await connection.createOffer({iceRestart: restart === true}));
  await connection.setRemoteDescription({type: "answer", sdp: await window.exchange(connection.localDescription.sdp)});
}
/* The loudest frequency of what is heard, and how far it stands out of the rest, in dB. */
function hears() {
  if (!analyser) return [0, 0];
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  let loudest = 0;
  bins.forEach((level, at) => { if (level > bins[loudest]) loudest = at; });
  const sorted = [...bins].sort((a, b) => a - b);
  return [loudest * context.sampleRate / analyser.fftSize, bins[loudest] - sorted[sorted.length >> 1]];
}
function picture() {
  const video = document.querySelector("video");
  return [video.videoWidth, video.getVideoPlaybackQuality().totalVideoFrames];
}
async function reports() { return [...(await connection.getStats()).values()]; }
</script><video autoplay muted playsinline></video>"""


def write_tone(path: Path, hertz: float) -> None:
    """A WAV of two seconds, 48 kHz mono; Chromium plays it again and again."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(tone(hertz, 2.0, 48000).tobytes())


@asynccontextmanager
async def chromium_with_microphone(executable: str, sound: Path) -> AsyncIterator[BrowserContext]:
    """A browser whose microphone hears `sound`, with a camera that shows a test picture; both are allowed."""
    arguments = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}",
        "--autoplay-policy=no-user-gesture-required",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        context = await browser.new_context(permissions=["microphone", "camera"])
        yield context
        await browser.close()


async def calling_page(context: BrowserContext) -> Page:
    """A page on a secure origin that has `call()`; the caller gives it `exchange`."""
    page = await context.new_page()
    await page.route(f"{ORIGIN}**", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    return page
