const WINDOW = "switchroom-ccp-window";
const PREFIX = "switchroom-ccp-master-";

/** Which of this browser's windows does something only one may do; locks of the browser decide, so a closed window lets go. */
export class Masters {
  private readonly held = new Map<string, () => void>();
  private leave: () => void = () => {};
  private watch: ReturnType<typeof setInterval> | undefined;

  /** Count this window; `counted` is told how many there are whenever that changes. */
  async join(counted: (windows: number) => void): Promise<void> {
    if (!navigator.locks) {
      counted(1);
      return;
    }
    navigator.locks.request(WINDOW, { mode: "shared" }, () => new Promise<void>((resolve) => (this.leave = resolve))).catch(() => {});
    let known = 0;
    const count = async (): Promise<void> => {
      const held = await navigator.locks.query().then(
        (all) => all.held ?? [],
        () => [],
      );
      const windows = Math.max(1, held.filter((lock) => lock.name === WINDOW).length);
      if (windows === known) return;
      known = windows;
      counted(windows);
    };
    this.watch = setInterval(() => void count(), 5000);
    await count();
  }

  /** Whether this window is the master of `topic`; where there is none it becomes it, unless `only` looking. */
  async check(topic: string, only: boolean): Promise<{ mine: boolean; over: boolean }> {
    if (this.held.has(topic) || !navigator.locks) return { mine: true, over: false };
    if (only) return { mine: false, over: false };
    return { mine: await this.hold(topic, { ifAvailable: true }), over: false };
  }

  /** Become the master of `topic`; `over` says that another window was it. */
  async take(topic: string): Promise<{ mine: boolean; over: boolean }> {
    const free = (await this.check(topic, false)).mine;
    return { mine: free || (await this.hold(topic, { steal: true })), over: !free };
  }

  close(): void {
    clearInterval(this.watch);
    this.leave();
    for (const release of this.held.values()) release();
  }

  private hold(topic: string, how: LockOptions): Promise<boolean> {
    return new Promise((answer) => {
      navigator.locks
        .request(PREFIX + topic, how, (lock) => {
          answer(lock !== null);
          if (!lock) return;
          return new Promise<void>((resolve) => this.held.set(topic, resolve));
        })
        .then(
          () => this.held.delete(topic),
          (error: unknown) => {
            this.held.delete(topic);
            // A frame whose browser keeps it from the others is on its own.
            answer(error instanceof DOMException && error.name === "SecurityError");
          },
        );
    });
  }
}
