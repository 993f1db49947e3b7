/** What a call prints, caught instead of shown, so that a test's report stays readable. */
function catchStdout(): { stop(): string } {
  const write = process.stdout.write.bind(process.stdout);
  let printed = "";
  process.stdout.write = (chunk: unknown) => {
    printed += String(chunk);
    return true;
  };
  return {
    stop() {
      process.stdout.write = write;
      return printed;
    },
  };
}

export function quietly<T>(run: () => T): { value: T; printed: string } {
  const stdout = catchStdout();
  let value: T;
  try {
    value = run();
  } catch (error) {
    stdout.stop();
    throw error;
  }
  return { value, printed: stdout.stop() };
}

/** The same for what is printed until a promise has settled. */
export async function quietlyAwait<T>(
  run: () => Promise<T>,
): Promise<{ value: T; printed: string }> {
  const stdout = catchStdout();
  let value: T;
  try {
    value = await run();
  } catch (error) {
    stdout.stop();
    throw error;
  }
  return { value, printed: stdout.stop() };
}
