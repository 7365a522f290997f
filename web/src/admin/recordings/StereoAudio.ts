/** An audio element whose two channels have a volume each and can be heard in both ears. */
export class StereoAudio {
  readonly element = new Audio();
  private graph: { context: AudioContext; gains: [GainNode, GainNode]; merger: ChannelMergerNode } | undefined;
  private volumes: [number, number] = [1, 1];
  private mono = false;

  constructor(url: string) {
    this.element.crossOrigin = "anonymous";
    this.element.preload = "metadata";
    this.element.src = url;
  }

  /** Sound needs a gesture of the person, so the graph is made with the first one. */
  async play(): Promise<void> {
    this.graph ??= this.connect();
    await this.graph.context.resume();
    await this.element.play();
  }

  pause(): void {
    this.element.pause();
  }

  /** Volume of a channel (0 left, 1 right), 0..1. */
  setVolume(channel: 0 | 1, value: number): void {
    this.volumes[channel] = value;
    if (this.graph) this.graph.gains[channel].gain.value = value;
  }

  /** Both channels in both ears, for a headset with one. */
  setMono(mono: boolean): void {
    this.mono = mono;
    if (this.graph) this.route(this.graph.gains, this.graph.merger);
  }

  close(): void {
    this.element.pause();
    this.element.removeAttribute("src");
    this.element.load();
    void this.graph?.context.close();
  }

  private connect(): NonNullable<StereoAudio["graph"]> {
    const context = new AudioContext();
    const splitter = context.createChannelSplitter(2);
    const merger = context.createChannelMerger(2);
    const gain = (channel: 0 | 1): GainNode => {
      const node = new GainNode(context, { gain: this.volumes[channel] });
      splitter.connect(node, channel);
      return node;
    };
    const gains: [GainNode, GainNode] = [gain(0), gain(1)];
    context.createMediaElementSource(this.element).connect(splitter);
    merger.connect(context.destination);
    this.route(gains, merger);
    return { context, gains, merger };
  }

  private route(gains: [GainNode, GainNode], merger: ChannelMergerNode): void {
    gains.forEach((gain, channel) => {
      gain.disconnect();
      gain.connect(merger, 0, channel);
      if (this.mono) gain.connect(merger, 0, 1 - channel);
    });
  }
}
