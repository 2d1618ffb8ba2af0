// Times for people: `4.1s`, `1m31s`, `0:42`, `4m ago`.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number): string => String(n).padStart(2, '0');

export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / SECOND).toFixed(1)}s`;
  const rounded = Math.round(ms / SECOND) * SECOND;
  if (rounded < MINUTE) return `${rounded / SECOND}s`;
  if (rounded < HOUR) return `${Math.floor(rounded / MINUTE)}m${two((rounded % MINUTE) / SECOND)}s`;
  if (rounded < DAY) return `${Math.floor(rounded / HOUR)}h${two(Math.floor((rounded % HOUR) / MINUTE))}m`;
  return `${Math.floor(rounded / DAY)}d${two(Math.floor((rounded % DAY) / HOUR))}h`;
}

/** What ticks beside a running step: one changing digit. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

export function ago(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  if (!Number.isFinite(ms) || ms < MINUTE) return 'just now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m ago`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h ago`;
  return `${Math.floor(ms / DAY)}d ago`;
}

/** `14:02`, in the operator's time zone; with the day when it was not today. */
export function since(iso: string, now: number): string {
  const at = new Date(iso);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === new Date(now).toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** `90`, `90s`, `10m`, `2h`, `1d` as milliseconds; nothing when it is none of them. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})(ms|s|m|h|d)?$/.exec(text.trim());
  if (!match) return undefined;
  const unit = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }[match[2] ?? 's'] ?? SECOND;
  return Number(match[1]) * unit;
}

/** Wall time of a run so far. */
export const runMs = (state: { startedAt: string; endedAt?: string | undefined }, now: number): number =>
  Math.max(0, (state.endedAt ? Date.parse(state.endedAt) : now) - Date.parse(state.startedAt));
