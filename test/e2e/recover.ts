// recover: the server is gone, with everything on it; a bare one goes on from the copies elsewhere, the vault and clincher.yaml.
import { ensureModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import { COPIES, farHost } from './far-host.js';
import { keepsakes } from './keepsakes.js';
import { until } from './moments.js';
import { devicesOf, pair } from './paired-device.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

const NAME = 'phoenix';
const TEAM = `${FOLDER}/partitions/team`;
/** A second gateway, which talks to nobody. */
const PARTITIONS = {
  team: { proxy_subnet: '172.16.253.16/28', channels: { telegram: { enabled: false } } },
};
/** What a device needs is on the old host; whether it is known is asked of the gateway. What a model has spent has a proof of its own. */
const KEPT = ['a memory', 'a conversation', 'a setting of an operator', 'the certificate'];

export async function recover(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const remembers = { memory: { enabled: true, provider: 'vllm', model: 'embed' } };
    const more = () => ({ ...remembers, partitions: PARTITIONS });
    const { host } = await provisionedStack(proof, stage, NAME, { more });
    const far = await farHost(stage, NAME);
    let current = host;
    const moving = new Proxy(host, { get: (_, name) => Reflect.get(current, name) as unknown }) as LabHost;
    const models = await ensureModelServer((line) => proof.say(line));
    const kept = keepsakes(moving, models).filter(({ what }) => KEPT.includes(what));
    for (const each of kept) await each.put();
    await must(host, `echo kept >${TEAM}/data/workspace/keepsake.md`);
    await pair(host);
    const devices = JSON.stringify((await devicesOf(host)).paired);
    await backedUp(proof, stage);
    await after(host);
    await backedUp(proof, stage);
    const newest = (await must(far, `ls ${COPIES}/${NAME} | sort | tail -n 1`)).trim();
    await must(
      far,
      `printf x | dd of=${COPIES}/${NAME}/${newest}/archive.tar.zst.age bs=1 seek=4000 conv=notrunc status=none`,
    );
    const tokens = await tokensOf(host);

    current = await lost(stage);
    const began = Date.now();
    await refusedFirst(proof, stage, newest);
    const done = await stage.cli(['follow', '@last', '-s', NAME, '--json', '--timeout', '15m'], {
      timeoutMs: 960_000,
    });
    proof.check('the run ends well', done.code === 0, told(done));
    proof.figure('from a bare server to a proved one', seconds(Date.now() - began));
    for (const { what, look } of kept) {
      const { isThere, said } = await look();
      proof.check(`${what} of before is there`, isThere, said);
    }
    proof.check(
      'the devices that were paired are',
      JSON.stringify((await devicesOf(current)).paired) === devices && devices !== '[]',
      devices,
    );
    const keepsake = await current.exec(`cat ${TEAM}/data/workspace/keepsake.md`);
    proof.check('so is what its partition knew', keepsake.stdout.trim() === 'kept', keepsake.stderr);
    proof.check(
      'both gateways know the tokens of before',
      (await tokensOf(current)).join() === tokens.join() && new Set(tokens).size === 2,
    );
    proof.check(
      'what came after that backup is lost, as was said',
      (await current.exec(`test -e ${FOLDER}/data/after`)).code !== 0,
    );
    await itGoesOn(proof, stage);
  });
}

/** Written between the two backups. */
const after = (host: LabHost): Promise<string> => must(host, `sleep 2; touch ${FOLDER}/data/after; sleep 1`);

/** Of the server's own gateway, and of the partition. */
const tokensOf = (host: LabHost): Promise<string[]> =>
  Promise.all(
    [FOLDER, TEAM].map(async (folder) => {
      const text = await must(host, `cat ${folder}/secrets/openclaw/secrets.json`);
      return (JSON.parse(text) as { gatewayToken: string }).gatewayToken;
    }),
  );

async function backedUp(proof: Proof, stage: Stage): Promise<void> {
  const made = await stage.cli(['run', 'backup', '-s', NAME, '--yes', '--json'], { timeoutMs: 400_000 });
  proof.check('a backup is made, and copied to another server', made.code === 0, told(made));
}

/** The old one with all that was on it; what clincher.yaml says stays, but for where the server is. */
async function lost(stage: Stage): Promise<LabHost> {
  const { address: _, ssh: __, ...settings } = stage.server(NAME);
  await stage.drop(NAME);
  const [host] = (await stage.hosts([{ name: NAME, distro: 'debian13', memory: '6g' }], settings)) as [
    LabHost,
  ];
  return host;
}

/** The copy of last night is damaged: said, and the one before it is asked for. */
async function refusedFirst(proof: Proof, stage: Stage, newest: string): Promise<void> {
  const words = ['run', 'recover', '-s', NAME, '--yes', '--detach', '--on-failure', 'ask'];
  const started = await stage.cli(words, { timeoutMs: 120_000 });
  // It goes on: nothing was waited for.
  proof.check('a recovery begins', started.code === 8, started.stdout + started.stderr);
  const first = await gate(stage, (id) => id.startsWith('recover-'));
  proof.check(
    'it asks for the newest copy, and says how old it is',
    first === `recover-${newest.toLowerCase()}`,
    first,
  );
  await stage.cli(['answer', first, 'yes', '-s', NAME]);
  const second = await gate(stage, (id) => id.startsWith('recover-') && id !== first);
  const shown = await stage.cli(['gates', '-s', NAME, '--json']);
  proof.check(
    'it is damaged: said, and the one before is asked for',
    /cannot be used/.test(shown.stdout),
    shown.stdout,
  );
  await stage.cli(['answer', second, 'yes', '-s', NAME]);
}

async function gate(stage: Stage, is: (id: string) => boolean): Promise<string> {
  let found = '';
  await until(
    'a gate opens',
    async () => {
      const { stdout } = await stage.cli(['gates', '-s', NAME, '--json']);
      const { gates } = JSON.parse(stdout) as { gates: { id: string }[] };
      const failed = gates.find(({ id }) => id.startsWith('failed:'));
      if (failed) throw new Error(`${failed.id}: ${stdout.slice(0, 1500)}`);
      found = gates.find(({ id }) => is(id))?.id ?? '';
      return found !== '';
    },
    400_000,
  );
  return found;
}

async function itGoesOn(proof: Proof, stage: Stage): Promise<void> {
  const verify = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
  proof.check('verify of both is green', verify.code === 0 && verify.stdout.includes('@team'), told(verify));
  await backedUp(proof, stage);
  const drill = await stage.cli(['run', 'restore-drill', '-s', NAME, '--yes', '--json'], {
    timeoutMs: 400_000,
  });
  proof.check('a drill of it is green', drill.code === 0, told(drill));
  const again = await stage.cli(
    ['run', 'recover', '-s', NAME, '--yes', '--detach', '--on-failure', 'abort'],
    { timeoutMs: 120_000 },
  );
  const asked = again.code === 8 ? await gate(stage, (id) => id.startsWith('recover-')) : '';
  await stage.cli(['answer', asked, 'yes', '-s', NAME]);
  const refused = await stage.cli(['follow', '@last', '-s', NAME, '--json', '--timeout', '5m'], {
    timeoutMs: 330_000,
  });
  proof.check(
    'a server that lives is not overwritten',
    refused.code === 1 && refused.stdout.includes('services of openclaw run here'),
    told(refused),
  );
}
