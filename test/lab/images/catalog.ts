// The images of the stack by name, in the order in which they are made.
import { browser } from './browser.js';
import { caddy } from './caddy.js';
import { clincher } from './clincher.js';
import { filebrowser } from './filebrowser.js';
import { litellm } from './litellm.js';
import { alertmanager, blackboxExporter, nodeExporter, prometheus, redisExporter } from './monitoring.js';
import { openclaw } from './openclaw.js';
import { postgres } from './postgres.js';
import { realSmokescreen } from './real-smokescreen.js';
import type { Recipe } from './recipe.js';
import { redis } from './redis.js';
import { caddySso, renderTools } from './render-tools.js';
import { sandbox } from './sandbox.js';
import { socketProxy } from './socket-proxy.js';
import { cloudflared, models, smokescreen as standIn } from './stand-ins.js';
import { temporalAdminTools, temporalServer, temporalUi } from './temporal.js';
import { uptimeKuma } from './uptime-kuma.js';

const built = process.env['SMOKESCREEN'];

export const recipes = {
  'openclaw-2026.3.13': openclaw('2026.3.13'),
  'openclaw-2026.9.6': openclaw('2026.9.6'),
  litellm: litellm('1.81.3', 'main-v1.81.3-stable'),
  redis,
  'socket-proxy': socketProxy,
  smokescreen: built === undefined ? standIn : realSmokescreen(built),
  models,
  cloudflared,
  sandbox,
  caddy: caddy('2.8.4'),
  filebrowser: filebrowser('2.63.23'),
  prometheus,
  alertmanager,
  'node-exporter': nodeExporter,
  'redis-exporter': redisExporter,
  'blackbox-exporter': blackboxExporter,
  'uptime-kuma': uptimeKuma,
  browser,
  'render-tools': renderTools,
  'caddy-sso': caddySso,
  postgres,
  'temporal-server': temporalServer,
  'temporal-admin-tools': temporalAdminTools,
  'temporal-ui': temporalUi,
  clincher,
} satisfies Record<string, Recipe>;

export type ImageName = keyof typeof recipes;
