// Which of OpenClaw's known schemas a version has: its keys were renamed twice.

/** The first version of each schema that was measured. */
export type Generation = '2026.3' | '2026.6' | '2026.8';

export interface Version {
  /** `2026.9.6`, without what a tag may add to it. */
  release: string;
  generation: Generation;
}

/** Of `2026.9.6`, `2026.3.13-slim`, `2026.9.6-r20260901`; a text that names no version throws. */
export function versionOf(text: string): Version {
  const [, release = '', year = '', month = ''] = /^v?((\d{4})\.(\d{1,2})\.\d{1,3})(?!\d)/.exec(text) ?? [];
  if (release === '') throw new Error(`“${text}” names no version of OpenClaw`);
  const months = Number(year) * 12 + Number(month);
  if (months < 2026 * 12 + 6) return { release, generation: '2026.3' };
  return { release, generation: months < 2026 * 12 + 8 ? '2026.6' : '2026.8' };
}
