/** Which of several open pages of one agent carries the sound: one does, the others only steer. */
export class Carrier {
  private held = false;
  private closed = false;
  private release: () => void = () => {};

  constructor(
    private readonly name: string,
    private readonly onChange: (held: boolean) => void,
  ) {
    void this.wait(false);
  }

  /** Carry the sound here from now on; the page that did so until now lets go. */
  take(): void {
    if (!this.held) void this.wait(true);
  }

  get holds(): boolean {
    return this.held;
  }

  close(): void {
    this.closed = true;
    this.release();
  }

  private async wait(steal: boolean): Promise<void> {
    if (!navigator.locks) {
      this.set(true); // without locks (insecure origin) every page is on its own
      return;
    }
    try {
      await navigator.locks.request(this.name, { steal }, async () => {
        if (this.closed) return;
        this.set(true);
        await new Promise<void>((resolve) => (this.release = resolve));
      });
      this.set(false);
    } catch (error) {
      if (error instanceof DOMException && error.name === "SecurityError") {
        this.set(true); // a frame that the browser keeps from the other pages is on its own
        return;
      }
      // Another page took it; be ready for when that one goes.
      const lost = this.held;
      this.set(false);
      if (lost && !this.closed) void this.wait(false);
    }
  }

  private set(held: boolean): void {
    if (held === this.held) return;
    this.held = held;
    if (!this.closed) this.onChange(held);
  }
}
