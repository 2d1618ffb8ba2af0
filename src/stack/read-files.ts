// Files that services read when they start, by their place in the stack's folder; only those that this server has.
import type { Server } from '../model.js';
import { caddyfile } from './caddyfile.js';
import { hasFilebrowser } from './convenience.js';
import { dockerDoor } from './docker-door.js';
import { egressAcl } from './egress-acl.js';
import { secretsJson } from './env.js';
import { filesPassword, LOGIN_FILE, loginProgram, PASSWORD_FILE } from './filebrowser.js';
import { litellmConfig } from './litellm.js';
import { DOOR_FILE, DOOR_KEY, doorFile, doorKey } from './metrics-door.js';
import { dockerfile, mainGo } from './smokescreen.js';
import { USAGE_FILE, usageRecord } from './usage-record.js';
import { isWatched } from './watched.js';

type Write = (server: Server) => string;

export const readFiles = (server: Server): Partial<Record<string, Write>> => ({
  'config/litellm-config.yaml': litellmConfig,
  [USAGE_FILE]: usageRecord,
  'config/smokescreen-acl.yaml': egressAcl,
  'secrets/openclaw/secrets.json': secretsJson,
  ...(server.openclaw.sandbox === 'docker' ? { 'config/docker-door.mjs': dockerDoor } : {}),
  ...(server.proxy.kind === 'caddy' ? { Caddyfile: caddyfile } : {}),
  ...(server.stack.egress.source === 'build'
    ? { 'build/smokescreen/Dockerfile': dockerfile, 'build/smokescreen/main.go': mainGo }
    : {}),
  ...(hasFilebrowser(server) ? { [LOGIN_FILE]: loginProgram, [PASSWORD_FILE]: filesPassword } : {}),
  ...(isWatched(server) ? { [DOOR_FILE]: doorFile, [DOOR_KEY]: doorKey } : {}),
});
