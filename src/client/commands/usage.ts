// `clincher usage`: what models have cost by model and day, as LiteLLM counted it on each server.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { spentNow } from '../../commands/spend.js';
import { usageOf } from '../../commands/usage.js';
import { ClincherError } from '../../errors.js';
import type { Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { USAGE_KEY } from '../../stack/usage-record.js';
import type { Command, Deps } from '../deps.js';
import { gatewayView, hasGateway, type OfPartition } from '../gateway-of.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import { type Reached, reaching } from '../reaching.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { lastDays, summed, type Usage } from '../usage.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';
import { usageView } from '../view/usage.js';
import { usagePage } from '../view/usage-html.js';

export interface UsageOptions extends ServerOptions, OfPartition {
  days?: number;
  html?: string;
}

const DAYS = 14;
/** As long as they are kept. */
const MOST_DAYS = 396;

export const usage: Command<UsageOptions> = async (io, options, deps) => {
  const { days = DAYS, partition, html } = options;
  if (days > MOST_DAYS)
    throw new ClincherError('USAGE', `--days ends at ${MOST_DAYS}: older ones are not kept.`);
  const config = configOf(io, options);
  // Of all servers those that have one: a monitor or a standby is no mistake there.
  const isAsked = (server: Server): boolean => !options.server?.includes('all') || hasGateway(server);
  const views = serversToRead(io, config, options)
    .filter(isAsked)
    .map((server) => gatewayView(server, partition));
  const asked = lastDays(days, deps.now());
  const found = await sideBySide(views, (view) => ofServer(io, deps, { config, server: view }, asked));
  if (html !== undefined)
    written(resolve(io.cwd, html), usagePage(found, new Date(deps.now()).toISOString()));
  if (isJson(options)) io.out(print(document('usage', { servers: found })));
  else for (const each of found) io.out(`${usageView(each, answering(io)).join('\n')}\n`);
  if (html !== undefined) io.err(`Written: ${html}\n`);
  return 0;
};

/** Of a partition everything is asked under its own names. */
function ofServer(io: Io, deps: Deps, reached: Reached, days: string[]): Promise<Usage> {
  const { name, stack } = reached.server;
  const { directory, partition } = stack;
  const facts = { byDay: usageOf(directory, USAGE_KEY, days), budgets: spentNow(directory) };
  return reaching(io, deps, reached, undefined, async (reach) => {
    const { byDay, budgets } = await reach.read(facts);
    return summed({ server: name, ...(partition === undefined ? {} : { partition }) }, days, byDay, budgets);
  });
}

function written(path: string, page: string): void {
  try {
    writeFileSync(path, page, { mode: 0o600 });
  } catch (error) {
    throw new ClincherError('USAGE', `The page cannot be written: ${(error as Error).message}`);
  }
}
