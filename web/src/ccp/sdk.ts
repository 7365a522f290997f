import { logEvent } from "../shared/voice/agentLog";

/** Answers of the vendor's newer client libraries that ride on the embedding library, by command. */
export type SdkAnswers = Record<string, (data: Record<string, unknown>) => object>;

interface Message {
  type: string;
  namespace?: string;
  command?: string;
  requestId?: string | number;
  data?: Record<string, unknown>;
}

/**
 * The embedding library's second channel (a `MessagePort`), on which its newer clients ask. What nobody answers is refused
 * at once, so that the library goes on without it instead of waiting half a minute.
 */
export class SdkChannel {
  private readonly port: MessagePort;
  private readonly started = Date.now();
  private counter = 0;

  constructor(
    origin: string,
    private readonly answers: SdkAnswers,
  ) {
    const channel = new MessageChannel();
    this.port = channel.port1;
    this.port.onmessage = (event: MessageEvent<Message>) => this.receive(event.data);
    window.parent.postMessage({ type: "cross-domain-adapter-init" }, origin, [channel.port2]);
  }

  close(): void {
    this.port.close();
  }

  private receive(message: Message): void {
    switch (message.type) {
      case "cross-domain-site-ready":
        this.port.postMessage({ type: "acknowledge", connectionId: crypto.randomUUID(), status: { initialized: true, startTime: new Date(this.started), stage: {} }, healthCheckInterval: 0 });
        break;
      case "request":
        this.answer(message);
        break;
      case "healthCheck":
        this.counter += 1;
        this.port.postMessage({ type: "healthCheckResponse", time: Date.now(), counter: this.counter });
        break;
    }
  }

  private answer({ namespace, requestId, command = "", data = {} }: Message): void {
    const head = { type: "response", namespace, requestId };
    const answer = Object.hasOwn(this.answers, command) ? this.answers[command] : undefined;
    if (answer) {
      this.port.postMessage({ ...head, isError: false, data: answer(data) });
      return;
    }
    logEvent("Not available to the page", { command });
    this.port.postMessage({ ...head, isError: true, errorKey: "noHandler", reason: `${command} is not available here`, details: { command, requestData: data } });
  }
}
