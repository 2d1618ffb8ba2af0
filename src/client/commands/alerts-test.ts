// `clincher alerts test`: a test alert through each channel of the servers, and what became of it.
import { ClincherError } from '../../errors.js';
import type { Server } from '../../model.js';
import type { Command } from '../deps.js';
import { exitOfState } from '../exit.js';
import { look, lookFailed } from '../look.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToList } from '../servers.js';
import { glyph, STEP_MARKS } from '../view/glyphs.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';
import { safe } from '../view/text.js';

interface Tried {
  /** By each of them this channel is used. */
  servers: string[];
  channel: string;
  ok: boolean;
  why?: string | undefined;
}

export const alertsTest: Command<ServerOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const groups = alike(serversToList(io, config, options));
  const { control } = await deps.openSession(io, { config });
  try {
    const tried: Tried[] = [];
    for (const servers of groups) {
      const state = await look(io, deps, control, servers[0]!, { name: 'alerts-test', options: {} });
      const steps = state.groups.flatMap((group) => group.steps);
      if (steps.length === 0 && exitOfState(state) !== 0) throw lookFailed(state, 'no channel was tried');
      for (const { title, status, error } of steps)
        tried.push({
          servers: servers.map(({ name }) => name),
          ...{ channel: title, ok: status === 'ok' },
          ...(error ? { why: error.message } : {}),
        });
    }
    if (isJson(options)) io.out(print(document('alerts-test', { channels: tried })));
    else for (const one of tried) io.out(`${line(one, answering(io))}\n`);
    return tried.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await control.close();
  }
};

/** Those with the same channels are tried once: nobody wants a hundred tests. Throws NO_CHANNELS. */
function alike(servers: readonly Server[]): Server[][] {
  const some = servers.filter(({ alerts }) => alerts.channels.length > 0);
  if (some.length === 0)
    throw new ClincherError(
      'NO_CHANNELS',
      `${servers.map(({ name }) => name).join(', ')}: nobody is told of anything.`,
      {
        remedy: [
          'defaults.alerts.channels in clincher.yaml, such as [{ type: ntfy, url: https://ntfy.sh/your-topic }]',
          'clincher docs NO_CHANNELS',
        ],
      },
    );
  const groups = new Map<string, Server[]>();
  for (const server of some) {
    const key = JSON.stringify(server.alerts.channels);
    groups.set(key, [...(groups.get(key) ?? []), server]);
  }
  return [...groups.values()];
}

function line({ servers, channel, ok, why }: Tried, view: ReturnType<typeof answering>): string {
  const of = servers.length === 1 ? servers[0]! : `${servers.length} servers`;
  const mark = glyph(view, ok ? STEP_MARKS.ok : STEP_MARKS.failed);
  return `${mark} ${safe(channel)}  ${safe(of)}${why === undefined ? '' : `: ${safe(why)}`}`;
}
