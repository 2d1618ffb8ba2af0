// Part of gates-page: what people do in browsers, on a phone and elsewhere, and what a foreign page tries.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Seen, Visit } from '../lab/images/browser/visits.js';
import type { CliResult } from './cli.js';
import { ask, type Page } from './gates-page-world.js';
import { phone, script, WIDTH } from './phone.js';
import type { Proof } from './proof.js';
import type { Stage } from './stage.js';

/** To the browser a name like any in a tailnet: plain HTTP, no secure context. */
export const SITE = 'clincher.lab';

export interface Scene {
  stage: Stage;
  proof: Proof;
  name: string;
  port: number;
  /** What browsers had as the page's source, and what commands said. */
  said: string[];
}

export async function cli(scene: Scene, ...words: string[]): Promise<CliResult> {
  const done = await scene.stage.cli(words, { timeoutMs: 580_000 });
  scene.said.push(done.stdout + done.stderr);
  return done;
}

export async function aLink(scene: Scene): Promise<string> {
  const { url } = JSON.parse((await cli(scene, 'page', '--json')).stdout) as { url: string };
  return url;
}

export const tokenOf = (link: string): string => link.split('#')[1] ?? '';

export const said = ({ code, stdout, stderr }: CliResult): string =>
  `exit ${code} ${(stdout + stderr).slice(-2_000)}`;

/** A site that the operator has open, with a link that it should not have. */
export async function foreignPage({ proof, port }: Scene, { token }: Page): Promise<void> {
  const foreign = createServer(
    (_, reply) => void reply.writeHead(200, { 'content-type': 'text/html' }).end('<h1>foreign</h1>'),
  );
  await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`;
  const at = `http://127.0.0.1:${port}`;
  const seen = await phone(
    [
      {
        url,
        script: script(`
          const headers = { authorization: 'Bearer ${token}.${'k'.repeat(43)}', 'content-type': 'application/json' };
          const tried = async (options) => fetch('${at}/api/look', { method: 'POST', body: '{}', ...options }).then((reply) => reply.type, (error) => error.name);
          return { cors: await tried({ headers }), blind: await tried({ mode: 'no-cors' }) };`),
      },
    ],
    { say: proof.say.bind(proof) },
  );
  const { cors, blind } = seen[0]!.value as { cors: string; blind: string };
  proof.check(
    'a foreign page with a stolen link: the browser itself refuses',
    cors === 'TypeError',
    JSON.stringify(seen[0]?.value),
  );
  // It may be sent; Cross-Origin-Resource-Policy keeps even the shell of an answer from it.
  proof.check('what it sends blindly, it hears nothing of', blind === 'TypeError', blind);
  const after = await ask({ port, token }, {});
  proof.check(
    'and has not so much as opened the link',
    after.status === 200,
    `${after.status} ${after.code}`,
  );
  foreign.close();
  foreign.closeAllConnections();
}

/** Of all that is open; over loopback, where a browser has WebCrypto. */
export async function listed(scene: Scene): Promise<void> {
  const local = (await aLink(scene)).replace(SITE, '127.0.0.1');
  const [seen] = await browse(scene, [
    { url: local, script: script(`await until(() => text().includes('Runs')); return text();`) },
  ]);
  const text = String(seen?.value);
  scene.proof.check(
    'the list names the gate and the run',
    /telegram-token/.test(text) && new RegExp(`${scene.name} provision .*: waiting`).test(text),
    text,
  );
}

async function browse(scene: Scene, visits: Visit[]): Promise<Seen[]> {
  const seen = await phone(visits, { say: scene.proof.say.bind(scene.proof), hosts: [SITE] });
  scene.said.push(...seen.map(({ html }) => html));
  return seen;
}

const OPENED = `
  const field = await until(() => document.querySelector('input[type=password]'));
  const high = [...document.querySelectorAll('button, label, input[type=password]')].map((one) => Math.round(one.getBoundingClientRect().height));
  return { width: innerWidth, scrolls: document.documentElement.scrollWidth, high: Math.min(...high), font: parseFloat(getComputedStyle(field).fontSize),
    secure: isSecureContext, subtle: crypto.subtle !== undefined, address: location.href };`;

const REFUSED = `
  window.sent = []; const send = window.fetch; window.fetch = (url, options) => { window.sent.push([url, options.body]); return send(url, options); };
  const field = document.querySelector('input[type=password]'); field.value = 'not a token'; field.form.requestSubmit();
  await until(() => document.querySelector('[role=alert]').textContent !== '');
  return { why: document.querySelector('[role=alert]').textContent, sent: window.sent.filter(([url]) => url.endsWith('answer')).length };`;

const answering = (secret: string): string => `
  const field = document.querySelector('input[type=password]'); field.value = ${JSON.stringify(secret)}; field.form.requestSubmit();
  await until(() => text().includes('is answered'));
  return { text: text(), cookies: document.cookie, kept: { ...sessionStorage, ...localStorage }, sent: window.sent.filter(([url]) => url.endsWith('answer')) };`;

/** On a phone, over plain HTTP by a name: as in a tailnet. */
export async function answered(scene: Scene, link: string, secret: string): Promise<void> {
  const { proof } = scene;
  const began = Date.now();
  const seen = await browse(scene, [
    { url: link, script: script(OPENED) },
    { script: script(REFUSED) },
    { script: script(answering(secret)) },
  ]);
  proof.figure(
    'browser started, link opened and answered within',
    `${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  const [opened, refused, done] = seen.map(({ value }) => value as Record<string, unknown>);
  const fits = opened?.['width'] === WIDTH && opened['scrolls'] === WIDTH;
  proof.check(`it fits a screen ${WIDTH} pixels wide`, fits, JSON.stringify(opened));
  const isTouchable = Number(opened?.['high']) >= 44 && Number(opened?.['font']) >= 16;
  proof.check('fields and buttons are large enough for a finger', isTouchable, JSON.stringify(opened));
  proof.check(
    'the link is out of the address',
    opened?.['address'] === `http://${SITE}:${scene.port}/`,
    String(opened?.['address']),
  );
  proof.check(
    'the browser has no WebCrypto there',
    opened?.['secure'] === false && opened['subtle'] === false,
    JSON.stringify(opened),
  );
  proof.check(
    'what is no token is refused in the browser; nothing is sent',
    refused?.['sent'] === 0 && /colon/.test(String(refused['why'])),
    JSON.stringify(refused),
  );
  proof.check(
    'the secret is answered',
    String(done?.['text']).includes('telegram-token is answered'),
    JSON.stringify(done),
  );
  const all = (done?.['sent'] ?? []) as unknown[];
  const sent = JSON.stringify(all);
  proof.check(
    'it left the browser sealed, once',
    /BEGIN AGE ENCRYPTED FILE/.test(sent) && all.length === 1 && !sent.includes(secret),
    sent,
  );
  proof.check(
    'no cookie, and nothing kept in the browser',
    done?.['cookies'] === '' && JSON.stringify(done['kept']) === '{}',
    JSON.stringify(done),
  );
  keep(seen[0]);
}

/** `CLINCHER_PICTURES=docs/pictures npm run e2e -- gates-page` puts it where people look. */
function keep(seen: Seen | undefined): void {
  const folder = process.env['CLINCHER_PICTURES'];
  if (folder === undefined || seen === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'gates-page.png'), Buffer.from(seen.png, 'base64'));
}

export async function replayed(scene: Scene, link: string): Promise<void> {
  const [seen] = await browse(scene, [
    { url: link, script: script(`await until(() => text().includes('over')); return text();`) },
  ]);
  const text = String(seen?.value);
  scene.proof.check(
    'the same link in another browser is refused',
    /opened in another browser already/.test(text) && !text.includes('telegram-token'),
    text,
  );
  const again = await ask({ port: scene.port, token: tokenOf(link) }, {});
  scene.proof.check(
    'and to a program: 410 LINK_USED',
    `${again.status} ${again.code}` === '410 LINK_USED',
    `${again.status} ${again.code}`,
  );
}

/** A server that is not there: its gate asks for a word, answered from the list. */
export async function word(scene: Scene): Promise<void> {
  const { stage, proof } = scene;
  stage.add({
    nowhere: {
      ...stage.server(scene.name),
      address: '127.0.0.9',
      channels: { telegram: { enabled: false } },
    },
  });
  const words = [
    'run',
    'provision',
    '-s',
    'nowhere',
    '--only',
    'base.user',
    '--yes',
    '--json',
    '--on-failure',
    'ask',
  ];
  const waiting = await cli(scene, ...words);
  proof.check('another run waits: its server is not there', waiting.code === 8, said(waiting));
  const url = await aLink(scene);
  const choose = `
    const abort = await until(() => document.querySelector('input[value=abort]')); abort.form.requestSubmit();
    await until(() => text().includes('Choose one')); abort.checked = true; abort.form.requestSubmit();
    await until(() => text().includes('is answered')); return text();`;
  const [seen] = await browse(scene, [{ url, script: script(choose) }]);
  proof.check(
    'a word is chosen and sent from the list',
    String(seen?.value).includes('is answered'),
    String(seen?.value),
  );
  const ended = await cli(scene, 'follow', '@last', '-s', 'nowhere', '--json', '--timeout', '2m');
  proof.check('and the run does as it says', ended.code !== 8 && ended.doc.status !== 'waiting', said(ended));
}
