import { useEffect, useRef, useState, type ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useI18n, type TextKey } from "../../i18n";
import { StereoAudio } from "./StereoAudio";
import { Waveform } from "./Waveform";
import { scan, secondsOf, type Peaks } from "./wave";

const SPANS = 1600;
const SKIP = 10;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const SIDES: { channel: 0 | 1; text: TextKey }[] = [{ channel: 0, text: "recording.customerSide" }, { channel: 1, text: "recording.agentSide" }];

/** Plays a stereo recording: the customer's side left, the agent's right, each with a volume of its own. */
export function Player({ url, actions }: { url: string; actions?: ReactNode }): ReactNode {
  const { t, duration } = useI18n();
  const [audio, setAudio] = useState<StereoAudio | null>(null);
  const [peaks, setPeaks] = useState<Peaks | null>(null);
  const [length, setLength] = useState(0);
  const [position, setPosition] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [mono, setMono] = useState(false);
  const [volumes, setVolumes] = useState<[number, number]>([1, 1]);
  const [problem, setProblem] = useState("");
  const frame = useRef(0);

  useEffect(() => {
    const made = new StereoAudio(url);
    const { element } = made;
    const follow = (): void => {
      setPosition(element.currentTime);
      if (!element.paused) frame.current = requestAnimationFrame(follow);
    };
    element.onplay = () => {
      setPlaying(true);
      follow();
    };
    element.onpause = element.onended = () => setPlaying(false);
    element.onseeked = follow;
    element.onerror = () => setProblem(t("recording.cannotPlay"));
    element.onloadedmetadata = () => Number.isFinite(element.duration) && setLength(element.duration);
    setAudio(made);
    const stopping = new AbortController();
    scan(url, SPANS, (format) => setLength(secondsOf(format)), (found) => setPeaks([...found]), stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) setProblem(t("recording.cannotRead", { reason: error instanceof Error ? error.message : String(error) }));
    });
    return () => {
      stopping.abort();
      cancelAnimationFrame(frame.current);
      element.onerror = element.onpause = element.onplay = element.onseeked = null;
      made.close();
    };
  }, [url, t]);

  if (!audio) return null;
  const seek = (seconds: number): void => {
    const target = Math.min(Math.max(0, seconds), length);
    audio.element.currentTime = target;
    setPosition(target);
  };
  /** An element whose end was reached a moment ago would begin anew, whatever was asked for since. */
  const start = async (from: number): Promise<void> => {
    await audio.play();
    if (from < length - 0.5 && Math.abs(audio.element.currentTime - from) > 1) audio.element.currentTime = from;
  };
  const toggle = (): void => {
    if (!audio.element.paused) audio.pause();
    else start(position).catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  const speeds = SPEEDS.map((one) => ({ value: String(one), label: `${one}×` }));
  return (
    <section className="recording" aria-label={t("recording.player")}>
      {problem && <Alert type="error">{problem}</Alert>}
      <Waveform peaks={peaks} position={position} length={length} label={t("recording.position")} onSeek={seek} onToggle={toggle} />
      <div className="recording-controls">
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Button variant="icon" iconName="backward-10-seconds" ariaLabel={t("recording.back", { seconds: SKIP })} onClick={() => seek(position - SKIP)} />
          <Button variant="primary" iconName={playing ? "pause" : "play"} ariaLabel={t(playing ? "recording.pause" : "recording.play")} onClick={toggle} />
          <Button variant="icon" iconName="forward-10-seconds" ariaLabel={t("recording.forward", { seconds: SKIP })} onClick={() => seek(position + SKIP)} />
          <span className="tabular" data-testid="recording-time">{duration(position)} / {duration(length)}</span>
        </SpaceBetween>
        <Select
          options={speeds}
          selectedOption={speeds.find((one) => one.value === String(speed))!}
          ariaLabel={t("recording.speed")}
          onChange={({ detail }) => {
            const value = Number(detail.selectedOption.value);
            audio.element.playbackRate = value;
            setSpeed(value);
          }}
        />
        {SIDES.map(({ channel, text }) => (
          <label key={channel} className={`recording-side recording-side-${channel}`}>
            {t(text)}
            <input
              type="range"
              min={0}
              max={1}
              step={0.05}
              value={volumes[channel]}
              aria-label={t("recording.volume", { side: t(text) })}
              onChange={(event) => {
                const value = Number(event.target.value);
                audio.setVolume(channel, value);
                setVolumes((now) => (channel === 0 ? [value, now[1]] : [now[0], value]));
              }}
            />
          </label>
        ))}
        <Toggle
          checked={mono}
          onChange={({ detail }) => {
            audio.setMono(detail.checked);
            setMono(detail.checked);
          }}
        >
          {t("recording.mono")}
        </Toggle>
        {actions}
      </div>
    </section>
  );
}
