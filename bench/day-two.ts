// The runbooks of a server's second day beside what a person would type: upgrade, backup, restore drill, rotation of the token.
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { render } from '../src/activities/script.js';
import { downtime, endWatch, watchGateway } from '../src/commands/upgrade.js';
import { GATEWAY_PORT, gatewayAddress } from '../src/stack/proxy-net.js';
import { ensureTwin } from '../test/lab/images/twin.js';
import { type Spread, spread } from './numbers.js';
import { onHost } from './on-host.js';
import { rssMb } from './process.js';
import type { Rig } from './rig.js';

export interface Pair {
  clincher: Spread;
  byHand: Spread;
  /** Of each round's pair. */
  ratio: Spread;
}

export interface DayTwo {
  /** How long the gateway did not answer, milliseconds. */
  upgrade: Pair;
  rotation: Pair;
  /** From the first byte to the last, milliseconds. */
  backup: Pair & { bytes: number; workerGrowthMb: number };
  /** Until the restored gateway is ready, milliseconds. */
  drill: Pair;
}

type Round = readonly [clincher: number, byHand: number];

const pair = (rounds: readonly Round[]): Pair => ({
  clincher: spread(rounds.map(([clincher]) => clincher)),
  byHand: spread(rounds.map(([, byHand]) => byHand)),
  ratio: spread(rounds.map(([clincher, byHand]) => clincher / byHand)),
});

async function inTurn(
  rig: Rig,
  what: string,
  count: number,
  round: (n: number) => Promise<Round>,
): Promise<Pair> {
  const measured: Round[] = [];
  for (let n = 1; n <= count; n++) {
    const one = await round(n);
    rig.say(`${what}, round ${n} of ${count}: ${one.map(Math.round).join(' and ')} ms`);
    measured.push(one);
  }
  return pair(measured);
}

export async function dayTwo(rig: Rig, rounds: number): Promise<DayTwo> {
  const key = await generateX25519Identity();
  rig.set({
    upgrade: { watch_minutes: 0 },
    backup: { recipients: [await identityToRecipient(key)] },
  });
  await rig.run('provision');
  const twin = await ensureTwin(rig.say);
  const versions = [twin, rig.server.stack.images.openclaw.version] as const;
  const upgrade = await inTurn(rig, 'upgrade', rounds, async (n) => {
    const { upgrade: seen } = await rig.run('upgrade', '--to', versions[(n - 1) % 2]!);
    return [seen?.downtimeMs ?? Number.NaN, await restarted(rig)];
  });
  const rotation = await inTurn(rig, 'rotation', rounds, async () => [
    await silentDuring(rig, () => rig.run('rotate-token')),
    await restarted(rig),
  ]);
  const backup = await backups(rig, rounds, await identityToRecipient(key));
  const drill = await inTurn(rig, 'drill', rounds, async () => [
    await drilled(rig),
    await drilledByHand(rig, key),
  ]);
  return { upgrade, rotation, backup, drill };
}

const RUN = 'bench';

/** As an upgrade measures it: ten questions a second, on the host. */
async function silentDuring(rig: Rig, work: () => Promise<unknown>): Promise<number> {
  await onHost(rig, render(watchGateway(RUN, gatewayAddress(rig.server), GATEWAY_PORT, 900).command));
  await work();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { stdout } = await rig.host.exec(render(downtime(RUN).read));
  await onHost(rig, render(endWatch(RUN).command));
  const { gaps } = downtime(RUN).parse({ stdout, stderr: '', exitCode: 0 });
  return gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

const READY =
  'until docker exec openclaw curl -fsS -o /dev/null http://127.0.0.1:18789/readyz 2>/dev/null; do sleep 0.1; done';

/** The floor: the same container, stopped and started. */
const restarted = (rig: Rig): Promise<number> =>
  silentDuring(rig, () => onHost(rig, `docker restart openclaw >/dev/null && ${READY}`));

const BLOB_MIB = 1024;

/** Half of it random: what people keep is partly compressed already. */
const fill = (rig: Rig): Promise<unknown> =>
  onHost(
    rig,
    `d=${rig.server.stack.directory}/data/workspace/blob; mkdir -p $d; for n in 1 2 3 4 5 6 7 8; do head -c ${BLOB_MIB / 16}M /dev/urandom >$d/random-$n; head -c ${BLOB_MIB / 16}M /dev/zero | tr '\\0' 'a' >$d/text-$n; done; chown -R 1000:1000 $d; sync`,
  );

async function backups(rig: Rig, rounds: number, recipient: string): Promise<DayTwo['backup']> {
  await fill(rig);
  const { pid } = rig.controlPlane().children.worker;
  const before = rssMb(pid);
  let bytes = 0;
  const measured = await inTurn(rig, 'backup', rounds, async () => {
    const { backups: made } = await rig.run('backup');
    bytes = made?.[0]?.manifest.contentBytes ?? 0;
    const line = `tar -C / -c ${rig.server.stack.directory.slice(1)} --exclude=${rig.server.stack.directory.slice(1)}/monitoring/backups | age -r ${recipient} >/var/lib/by-hand.age && sync /var/lib/by-hand.age; rm /var/lib/by-hand.age`;
    return [made?.[0]?.manifest.tookMs ?? Number.NaN, (await onHost(rig, line)).ms];
  });
  const workerGrowthMb = rssMb(pid) - before;
  await onHost(rig, `rm -rf ${rig.server.stack.directory}/data/workspace/blob`);
  return { ...measured, bytes, workerGrowthMb };
}

/** From the job's start to the answer of the restored gateway: the whole run, but not its questions. */
async function drilled(rig: Rig): Promise<number> {
  await rig.run('backup');
  const { steps } = await rig.run('restore-drill');
  const said = JSON.stringify(steps);
  const took = /([\d.]+) s until it was ready/.exec(said)?.[1];
  return Number(took) * 1000;
}

/** Newest archive, the key, a folder, the same image, no network. */
const BY_HAND = `set -e
a=$(ls -d $1/monitoring/backups/2*Z | tail -n 1)
mkdir -p /var/lib/by-hand
age -d -i /root/by-hand.key $a/archive.tar.zst.age | zstd -dc | tar -x -p -C /var/lib/by-hand
s=/var/lib/by-hand$1
docker run -d --name by-hand --network none --init --user 1000:1000 -e OPENCLAW_NO_RESPAWN=1 --read-only --tmpfs /tmp:mode=1777 --tmpfs /home/node/.cache:mode=0700,uid=1000 \\
  --hostname $(docker inspect -f '{{.Config.Hostname}}' openclaw) \\
  -v $s/data:/home/node/.openclaw -v $s/secrets/openclaw:/home/node/.config/clincher:ro $(docker inspect -f '{{.Config.Image}}' openclaw) sh -c 'umask 077 && exec node openclaw.mjs gateway' >/dev/null
until docker exec by-hand curl -fsS -o /dev/null http://127.0.0.1:18789/readyz 2>/dev/null; do [ "$(docker inspect -f '{{.State.Running}}' by-hand)" = true ] || { docker logs --tail 5 by-hand >&2; exit 1; }; sleep 1; done`;

async function drilledByHand(rig: Rig, key: string): Promise<number> {
  await onHost(rig, 'umask 077; cat >/root/by-hand.key', `${key}\n`);
  const { ms } = await onHost(rig, `bash -s ${rig.server.stack.directory}`, BY_HAND);
  await onHost(rig, 'docker rm -f by-hand >/dev/null; rm -rf /var/lib/by-hand /root/by-hand.key');
  return ms;
}
