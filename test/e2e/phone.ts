// A headless Chromium on this machine's own network, each call a browser of its own; what it is to do goes in by stdin, no word of it by an argument.

import type { Say } from '../../scripts/patiently.js';
import { docker } from '../lab/docker.js';
import type { Seen, Visit } from '../lab/images/browser/visits.js';
import { bundle } from '../lab/images/bundle.js';
import { ensureStackImages } from '../lab/images/stack.js';

export const WIDTH = 390;
const HEIGHT = 844;

/** `hosts`: names that lead to this machine's loopback. To a browser they are any other site: not secure, as in a tailnet. */
export async function phone(
  visits: Visit[],
  { say, hosts = [] }: { say: Say; hosts?: string[] },
): Promise<Seen[]> {
  const { registry, images } = await ensureStackImages(say, ['browser']);
  const image = `${registry}/${images.browser.repository}:${images.browser.version}`;
  const names = hosts.flatMap((host) => ['--add-host', `${host}:127.0.0.1`]);
  const words = [
    'run',
    '--rm',
    '-i',
    '--network',
    'host',
    ...names,
    '--tmpfs',
    '/tmp',
    '--entrypoint',
    'node',
    image,
    '-',
  ];
  const scene = JSON.stringify({ width: WIDTH, height: HEIGHT, visits });
  const input = `const SCENE = ${scene};\n${bundle('browser/phone.ts')}`;
  return JSON.parse(await docker(words, { input, timeoutMs: 180_000 })) as Seen[];
}

const HELP = `
  const until = async (what, ms = 30000) => { for (const end = Date.now() + ms; ; ) { const it = what(); if (it) return it; if (Date.now() > end) throw new Error('not in time: ' + what + ': ' + document.body.innerText); await new Promise((go) => setTimeout(go, 100)); } };
  const text = () => document.body.innerText;
`;

/** A script with \`until\` and \`text\`; what it returns comes back. */
export const script = (body: string): string => `(async () => {${HELP}${body}})()`;
