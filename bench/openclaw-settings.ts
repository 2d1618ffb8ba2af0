// OpenClaw's hardening on a gateway that runs: one validated write and one restart, beside the guide's one call a setting.
import { CONTAINER } from '../src/commands/openclaw.js';
import { WRITTEN_SETTINGS } from '../src/commands/openclaw-config.js';
import { type Setting, wantedSettings } from '../src/stack/openclaw-settings.js';
import { configPath } from '../src/steps/openclaw-config.js';
import { type Spread, spread } from './numbers.js';
import { onHost } from './on-host.js';
import type { Rig } from './rig.js';

export interface OpenclawSettings {
  version: string;
  settings: number;
  /** The whole command of clincher, from its start to its exit, the gateway's restart and readiness included. */
  clincherMs: Spread;
  /** Every call, then one restart until it is ready. Once: it takes minutes. */
  guideMs: number;
  /** Of a single call. */
  callMs: Spread;
  /** Calls that OpenClaw did not take. */
  refused: number;
  ratio: number;
}

/** What the image itself needs to start at all. */
const BARE = JSON.stringify({
  gateway: { mode: 'local', bind: 'lan', auth: { mode: 'token', token: 'x'.repeat(40) } },
});

const READY = `n=0; until docker exec ${CONTAINER} node -e 'fetch("http://127.0.0.1:18789/readyz").then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))' 2>/dev/null; do n=$((n+1)); [ $n -lt 180 ] || exit 1; sleep 1; done`;

const restarted = `docker restart -t 30 ${CONTAINER} >/dev/null && { ${READY}; }`;

export async function openclawSettings(rig: Rig, rounds: number): Promise<OpenclawSettings> {
  const { version } = rig.server.stack.images.openclaw;
  const settings = wantedSettings(rig.server, version).filter(isThere);
  const ours: number[] = [];
  for (let n = 1; n <= rounds; n++) {
    await bare(rig);
    ours.push(
      (
        await rig.clincher(
          'run',
          'harden',
          '-s',
          rig.host.name,
          '--only',
          'openclaw.config',
          '--yes',
          '--json',
          '--replace-edited',
        )
      ).ms,
    );
    rig.say(`settings, round ${n} of ${rounds}: ${(ours.at(-1)! / 1000).toFixed(1)} s`);
  }
  await bare(rig);
  const guide = await oneByOne(rig, settings);
  await rig.provision();
  const clincherMs = spread(ours);
  return {
    version,
    settings: settings.length,
    clincherMs,
    ...guide,
    ratio: guide.guideMs / clincherMs.median,
  };
}

type Present = Setting & { key: string };
const isThere = (setting: Setting): setting is Present => setting.key !== null;

/** A gateway that runs with next to nothing set, as after the guide's Step 4. */
async function bare(rig: Rig): Promise<void> {
  const path = configPath(rig.server);
  await onHost(
    rig,
    `docker stop -t 30 ${CONTAINER} >/dev/null; cat >${path}; rm -f ${WRITTEN_SETTINGS}; docker start ${CONTAINER} >/dev/null; ${READY}`,
    BARE,
  );
}

async function oneByOne(
  rig: Rig,
  settings: readonly Present[],
): Promise<Pick<OpenclawSettings, 'guideMs' | 'callMs' | 'refused'>> {
  const calls: number[] = [];
  let refused = 0;
  for (const { key, value } of settings) {
    const words = `docker exec -i ${CONTAINER} sh -c 'openclaw config set ${key} "$(cat)" --strict-json'`;
    const { ms, code } = await onHost(rig, `${words} >/dev/null 2>&1`, JSON.stringify(value), true);
    calls.push(ms);
    if (code !== 0) refused += 1;
    rig.say(`settings, one by one: ${calls.length} of ${settings.length}, ${(ms / 1000).toFixed(1)} s`);
  }
  const { ms } = await onHost(rig, restarted, '', true);
  return { guideMs: calls.reduce((sum, each) => sum + each, ms), callMs: spread(calls), refused };
}
