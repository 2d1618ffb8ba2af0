// One JSON line an event, with the names that Smokescreen's log has.
export type Level = 'info' | 'warning' | 'error' | 'fatal';

export function log(level: Level, msg: string, more: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ ...more, level, msg, time: new Date().toISOString() })}\n`);
}
