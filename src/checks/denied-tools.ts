// Tools that nobody may call by HTTP: as the table of OpenClaw's settings names them.
import type { Server } from '../model.js';
import { wantedSettings } from '../stack/openclaw-settings.js';

/** A setting's value on this server's version; undefined where that version has none. */
export const settingOf = (server: Server, key: string): unknown =>
  wantedSettings(server, server.stack.images.openclaw.version).find((setting) => setting.key === key)?.value;

/** By name: a group is nothing that one could call. */
export const deniedTools = (server: Server): string[] =>
  ((settingOf(server, 'gateway.tools.deny') ?? []) as string[]).filter((tool) => !tool.includes(':'));
