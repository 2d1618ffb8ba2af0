// Several things at once in a run: none is left behind when another fails.

/** Waits for all, then throws the first failure: what was begun is finished, nothing is left dangling. */
export async function settled(promises: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
