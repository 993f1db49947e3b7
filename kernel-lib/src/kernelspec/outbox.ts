/**
 * The queue between a cell's output and the Jupyter server. Text and displays come in as fast as a
 * loop prints them; messages go out in the same order, merged where they wait, and no faster than
 * the server's default limits allow, because it throws away what exceeds them. It refuses to know
 * sockets.
 */

/** What the server accepts by default: 1,000 messages and 1 MB of text a second, over 3 s windows. */
const LIMITS = {
  // A burst and three seconds of refill stay below a window's 3,000 messages and 3 MB, with a
  // margin for a server that falls behind and sees two bursts as one.
  messages: { burst: 200, perSecond: 800 },
  bytes: { burst: 1_200_000, perSecond: 500_000 },
};
/** A front end draws a message at once: larger ones make it stutter. */
const LARGEST_TEXT = 64 * 1024;
/** What the server counts besides the text: headers, identities, signature. */
const ENVELOPE = 1000;

export type StreamName = "stdout" | "stderr";

/** Sends one message; the outbox decides when. */
export interface Sender<Display> {
  text(name: StreamName, text: string): void;
  display(content: Display, update: boolean): void;
}

type Message<Display> =
  | { readonly kind: StreamName; readonly chunks: string[] }
  | { readonly kind: "display" | "update"; readonly id: string | undefined; content: Display };

/** The share of the server's patience that is left; it grows back with time. */
export class Budget {
  private messages = LIMITS.messages.burst;
  private bytes = LIMITS.bytes.burst;
  private since = performance.now();

  private refill(): void {
    const now = performance.now();
    const seconds = (now - this.since) / 1000;
    this.since = now;
    const grown = ({ burst, perSecond }: typeof LIMITS.bytes, left: number) =>
      Math.min(burst, left + perSecond * seconds);
    this.messages = grown(LIMITS.messages, this.messages);
    this.bytes = grown(LIMITS.bytes, this.bytes);
  }

  allows(): boolean {
    this.refill();
    return this.messages >= 1 && this.bytes > 0;
  }

  /** All of it is back: the server starts counting anew whenever a cell is done. */
  restore(): void {
    this.messages = LIMITS.messages.burst;
    this.bytes = LIMITS.bytes.burst;
  }

  spend(bytes: number): void {
    this.messages -= 1;
    this.bytes -= bytes;
  }

  /** Milliseconds until the next message may go. */
  get wait(): number {
    const messages = (1 - this.messages) / LIMITS.messages.perSecond;
    const bytes = -this.bytes / LIMITS.bytes.perSecond;
    return Math.max(1, Math.ceil(1000 * Math.max(messages, bytes)));
  }
}

/** One cell's output on its way to the server. */
export class Outbox<Display> {
  private readonly sender: Sender<Display>;
  private readonly budget: Budget;
  private readonly queue: Message<Display>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private emptied: (() => void)[] = [];

  constructor(sender: Sender<Display>, budget: Budget) {
    this.sender = sender;
    this.budget = budget;
  }

  /** Adds text; it goes out at once unless the server's patience is spent. */
  print(name: StreamName, text: string): void {
    const last = this.queue.at(-1);
    if (last !== undefined && "chunks" in last && last.kind === name) {
      last.chunks.push(text);
    } else {
      this.queue.push({ kind: name, chunks: [text] });
    }
    this.pump();
  }

  /** Adds a display, or an update that replaces a waiting one of the same `id`. */
  show(content: Display, update: boolean, id: string | undefined): void {
    const last = this.queue.at(-1);
    if (update && last?.kind === "update" && last.id === id) last.content = content;
    else this.queue.push({ kind: update ? "update" : "display", id, content });
    this.pump();
  }

  /** Resolves when everything has been sent. */
  async drained(): Promise<void> {
    if (this.queue.length > 0) await new Promise<void>((resolve) => this.emptied.push(resolve));
  }

  /** Throws away what waits, for a user who stopped a cell that prints too much. */
  discard(): void {
    this.queue.length = 0;
    this.settle();
  }

  private pump(): void {
    while (this.queue.length > 0) {
      // A loop that prints leaves no room for timers, so every print asks again.
      if (!this.budget.allows()) {
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          this.pump();
        }, this.budget.wait).unref();
        return;
      }
      this.sendFirst();
    }
    this.settle();
  }

  private sendFirst(): void {
    const first = this.queue[0];
    if (first === undefined) return;
    if (!("chunks" in first)) {
      this.queue.shift();
      this.budget.spend(0);
      this.sender.display(first.content, first.kind === "update");
      return;
    }
    const text = first.chunks.join("");
    const part = text.length > LARGEST_TEXT ? cut(text) : text;
    if (part.length === text.length) {
      this.queue.shift();
    } else {
      first.chunks.splice(0, first.chunks.length, text.slice(part.length));
    }
    this.budget.spend(Buffer.byteLength(JSON.stringify(part)) + ENVELOPE);
    this.sender.text(first.kind, part);
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const resolve of this.emptied.splice(0)) resolve();
  }
}

/** The first part of a text: whole lines where there are any, never half a surrogate pair. */
function cut(text: string): string {
  const line = text.lastIndexOf("\n", LARGEST_TEXT - 1);
  if (line > LARGEST_TEXT / 2) return text.slice(0, line + 1);
  const code = text.charCodeAt(LARGEST_TEXT - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? LARGEST_TEXT - 1 : LARGEST_TEXT);
}
