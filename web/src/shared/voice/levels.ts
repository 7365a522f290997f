const EVERY_MS = 100;
const FLOOR_DB = -60;

/** How loud a microphone is, 0 to 1 on a scale of 60 dB, ten times a second. Stops the stream's tracks when closed. */
export class LevelMeter {
  private readonly context = new AudioContext();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly stream: MediaStream,
    onLevel: (level: number) => void,
  ) {
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 2048;
    this.context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const decibels = 10 * Math.log10(Math.max(power, 1e-9));
      onLevel(Math.max(0, Math.min(1, 1 - decibels / FLOOR_DB)));
    }, EVERY_MS);
  }

  /** Samples a second of the device: below 48,000 browsers resample (DESK-175). */
  get sampleRate(): number {
    return this.stream.getAudioTracks()[0]?.getSettings().sampleRate ?? this.context.sampleRate;
  }

  close(): void {
    clearInterval(this.timer);
    this.stream.getTracks().forEach((track) => track.stop());
    void this.context.close();
  }
}
