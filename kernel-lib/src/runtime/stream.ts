/**
 * What `imap` gives to its consumer: results as they come or in order, the workers stopped when
 * the consumer leaves early.
 */
import { Call, type Plan } from "./call.js";
import { clock } from "./clock.js";
import type { Crew } from "./crew.js";
import type { StreamWork } from "./stream-work.js";

export async function* stream(
  crew: Crew,
  plan: Omit<Plan, "began">,
  work: StreamWork,
  onOpen: (call: Call) => void,
): AsyncGenerator<unknown, void, undefined> {
  const call = new Call(crew, { ...plan, began: clock() });
  onOpen(call);
  let wake = (): void => undefined;
  const end: { over: boolean; failure?: { readonly reason: unknown } } = { over: false };
  call.settled.then(
    () => {
      end.over = true;
      wake();
    },
    (reason: unknown) => {
      end.failure = { reason };
      wake();
    },
  );
  work.onResult = () => {
    wake();
  };
  work.onMore = () => {
    call.pump();
  };
  try {
    call.pump();
    for (;;) {
      const result = work.shift();
      if (result !== undefined) {
        yield result.value;
        continue;
      }
      if (end.failure !== undefined) throw end.failure.reason;
      if (end.over) {
        work.throwIfFailed();
        return;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    call.abort(undefined);
    await call.settled.catch(() => undefined);
    await work.close();
  }
}
