// Cross-check of the Telegram channel: a Bot API server of one's own is asked only by a gateway that can be told of it.
import { versionOf } from '../stack/openclaw-version.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export function checkTelegram({
  channels: { telegram },
  stack,
}: Pick<NamedServer, 'channels' | 'stack'>): Finding[] {
  const { version } = stack.images.openclaw;
  if (!telegram.enabled || telegram.api_root === undefined || !isTooOld(version)) return [];
  return [
    finding(
      'channels.telegram.api_root',
      `cannot be told to OpenClaw ${version}, which would poll Telegram’s own; it has such a setting since 2026.6`,
      ['stack.images.openclaw.version'],
    ),
  ];
}

/** What names no version is refused elsewhere. */
function isTooOld(version: string): boolean {
  try {
    return versionOf(version).generation === '2026.3';
  } catch {
    return false;
  }
}
