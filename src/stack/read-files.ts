// Files that services read when they start, by their place in the stack's folder; only those that this server has.
import type { Server } from '../model.js';
import { caddyfile } from './caddyfile.js';
import { dockerDoor } from './docker-door.js';
import { egressAcl } from './egress-acl.js';
import { secretsJson } from './env.js';
import { litellmConfig } from './litellm.js';
import { dockerfile, mainGo } from './smokescreen.js';

type Write = (server: Server) => string;

export const readFiles = ({ proxy, stack, openclaw }: Server): Partial<Record<string, Write>> => ({
  'config/litellm-config.yaml': litellmConfig,
  'config/smokescreen-acl.yaml': egressAcl,
  'secrets/openclaw/secrets.json': secretsJson,
  ...(openclaw.sandbox === 'docker' ? { 'config/docker-door.mjs': dockerDoor } : {}),
  ...(proxy.kind === 'caddy' ? { Caddyfile: caddyfile } : {}),
  ...(stack.egress.source === 'build'
    ? { 'build/smokescreen/Dockerfile': dockerfile, 'build/smokescreen/main.go': mainGo }
    : {}),
});
