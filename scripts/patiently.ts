// Says what we wait for, and says so again every ten seconds, so that nobody wonders whether it hangs.
export type Say = (line: string) => void;

export async function patiently<T>(say: Say, what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  say(`${what} …`);
  const seconds = (): number => Math.round((Date.now() - began) / 1000);
  const ticker = setInterval(() => say(`  … still at it after ${seconds()} s: ${what}`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}
