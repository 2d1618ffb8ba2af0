// gates-page: an alert's link opens on a phone, a secret is answered there, and who should not be answered is not; the secret is nowhere else.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config/load.js';
import { readVault } from '../../src/secrets/vault.js';
import { Receivers } from './alert-receivers.js';
import { foundIn, foundUnder, type Needle, needle } from './forms.js';
import {
  aLink,
  answered,
  cli,
  foreignPage,
  listed,
  replayed,
  type Scene,
  SITE,
  said,
  tokenOf,
  word,
} from './gates-page-browser.js';
import { ask, type Page, refuses } from './gates-page-world.js';
import type { Proof } from './proof.js';
import { rawHistories } from './raw-history.js';
import { onStage } from './stage.js';

const name = 'gates-page';
const CANARY = `123456789:AA${randomBytes(36).toString('base64url')}`.slice(0, 45);

export async function gatesPage(proof: Proof): Promise<void> {
  const receivers = new Receivers();
  try {
    await onStage(proof, async (stage) => {
      const scene: Scene = { stage, proof, name, port: await freePort(), said: [] };
      const { alerts } = await receivers.open(stage.folder);
      await stage.hosts([{ name, distro: 'debian12', sshMode: 'service' }], {
        ...{ alerts: { ...alerts, gate_minutes: 1 }, channels: { telegram: { enabled: true } } },
      });
      stage.everywhere({
        control_plane: { page: `127.0.0.1:${scene.port}`, page_url: `http://${SITE}:${scene.port}` },
      });
      await everything(scene, receivers);
    });
  } finally {
    receivers.close();
  }
}

async function everything(scene: Scene, receivers: Receivers): Promise<void> {
  const { stage, proof } = scene;
  await stage.up();
  const waiting = await stage.provision(name);
  proof.check('provision waits for the token', waiting.code === 8, said(waiting));
  const link = await told(scene, receivers);
  await survives(scene);
  await refuses(proof, await aPage(scene));
  await foreignPage(scene, await aPage(scene));
  await listed(scene);
  await answered(scene, link, CANARY);
  await replayed(scene, link);
  const done = await cli(scene, 'follow', '@last', '-s', name, '--json', '--timeout', '9m');
  proof.check('the run goes on to its end', done.code === 0, said(done));
  const shown = await cli(scene, 'show', '@last', '-s', name, '--json');
  proof.check(
    'the run knows that the page answered',
    /"who":"page@[^"]+"/.test(shown.stdout),
    shown.stdout.slice(-500),
  );
  await word(scene);
  await nowhere(scene, [needle('secret', CANARY), needle('link', tokenOf(link))]);
}

const aPage = async (scene: Scene): Promise<Page> => ({
  port: scene.port,
  token: tokenOf(await aLink(scene)),
});

/** The alert, as a phone shows it. */
async function told({ proof, port }: Scene, receivers: Receivers): Promise<string> {
  const began = Date.now();
  const isIt = ({ text }: { text: string }): boolean => text.includes('waits for you');
  while (!receivers.by('ntfy').some(isIt) && Date.now() - began < 180_000) await sleep(1_000);
  const { title = '', message = '' } = JSON.parse(receivers.by('ntfy').find(isIt)?.text ?? '{}') as Record<
    string,
    string
  >;
  const lines = message.split('\n');
  proof.check('an alert comes by itself', title.includes('waits for you'), title);
  const command = `clincher answer telegram-token -s ${name} --secret-file <file>`;
  proof.check('with the command that answers it', lines.includes(command), message);
  const link = lines.find((line) => line.startsWith(`http://${SITE}:${port}/#`)) ?? '';
  proof.check('and a link', link !== '', message);
  return link;
}

/** A link outlives the worker that made it. */
async function survives(scene: Scene): Promise<void> {
  const { stage, proof } = scene;
  const page = await aPage(scene);
  await stage.plane.signal('worker', 'SIGKILL');
  const began = Date.now();
  let status = 0;
  while (status !== 200 && Date.now() - began < 180_000) {
    await sleep(2_000);
    ({ status } = await ask(page, {}).catch(() => ({ status: 0 })));
  }
  proof.check('the worker is killed, and its links open with the next one', status === 200, String(status));
}

async function nowhere({ stage, proof, said: all, port }: Scene, needles: readonly Needle[]): Promise<void> {
  const { secrets } = loadConfig(stage.config, { cwd: stage.folder, env: stage.env });
  const vault = await readVault(secrets);
  const stored = Object.entries(vault?.entries ?? {}).find(([key]) => key.endsWith('telegram_bot_token'));
  proof.check('the secret came to the vault, whole', stored?.[1].value === CANARY);
  const { bytes, runs, events } = await rawHistories(stage.plane);
  proof.figure('histories', `${runs} runs, ${events} events, ${bytes.length} bytes`);
  const source = await Promise.all(
    ['/', '/page.js', '/page.css'].map(async (path) =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).text(),
    ),
  );
  const log = readFileSync(join(stage.home, 'logs', 'worker.log'));
  proof.check(
    'the worker’s log has the refusals and the answers',
    log.includes('the page refused') && log.includes('the page took an answer'),
  );
  const places: [string, Buffer][] = [
    ['histories as stored', bytes],
    ['the worker’s log', log],
    [
      'the page’s source, as served and as browsers had it; what commands said',
      Buffer.from([...source, ...all].join('\n')),
    ],
  ];
  for (const [what, hay] of places) {
    const isSeen = foundIn(Buffer.concat([hay, Buffer.from(CANARY)]), needles).includes('secret');
    const found = foundIn(hay, needles);
    proof.check(`${what}: neither secret nor link`, found.length === 0 && isSeen, found.join());
  }
  writeFileSync(join(stage.home, 'control.log'), CANARY);
  const under = foundUnder(stage.folder, needles);
  proof.check(
    'no file of the state folder has either, but the control',
    under.length === 1 && under[0]!.includes('control.log'),
    under.join('\n'),
  );
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
