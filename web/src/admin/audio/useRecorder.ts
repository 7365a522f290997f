import { useEffect, useRef, useState } from "react";
import { decode, type Clip } from "../../shared/clip";

const MOST_SECONDS = 295;

export interface Recorder {
  state: "idle" | "asking" | "recording" | "working";
  /** How loud it is at this moment, 0..1. */
  level: number;
  seconds: number;
  start: () => Promise<void>;
  stop: () => void;
}

/** The microphone of this browser, until it is stopped or a prompt can be no longer. */
export function useRecorder(onClip: (clip: Clip) => void, onProblem: (error: unknown) => void): Recorder {
  const [state, setState] = useState<Recorder["state"]>("idle");
  const [level, setLevel] = useState(0);
  const [seconds, setSeconds] = useState(0);
  const running = useRef<{ recorder: MediaRecorder; end: () => void } | null>(null);
  const gone = useRef(false);

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      running.current?.end();
    };
  }, []);

  const start = async (): Promise<void> => {
    setState("asking");
    setSeconds(0);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, autoGainControl: true, noiseSuppression: true } });
      if (gone.current) return stream.getTracks().forEach((track) => track.stop());
      record(stream);
      setState("recording");
    } catch (error) {
      setState("idle");
      onProblem(error);
    }
  };

  const record = (stream: MediaStream): void => {
    const recorder = new MediaRecorder(stream);
    const parts: Blob[] = [];
    const context = new AudioContext();
    const meter = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(meter);
    const frame = new Float32Array(meter.fftSize);
    const began = performance.now();
    const timer = setInterval(() => {
      meter.getFloatTimeDomainData(frame);
      setLevel(frame.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
      setSeconds((performance.now() - began) / 1000);
      if (performance.now() - began > MOST_SECONDS * 1000) stop();
    }, 100);
    const end = (): void => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      void context.close();
      running.current = null;
    };
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => {
      end();
      void finish(new Blob(parts, { type: recorder.mimeType }));
    };
    recorder.start();
    running.current = { recorder, end };
  };

  const finish = async (recorded: Blob): Promise<void> => {
    if (gone.current) return;
    setState("working");
    try {
      onClip(await decode(await recorded.arrayBuffer()));
    } catch (error) {
      onProblem(error);
    } finally {
      setState("idle");
      setLevel(0);
    }
  };

  const stop = (): void => {
    if (running.current?.recorder.state === "recording") running.current.recorder.stop();
  };

  return { state, level, seconds, start, stop };
}
