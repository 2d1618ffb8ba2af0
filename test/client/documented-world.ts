// The world that the pages speak of: its servers, its runs, a person who agrees, and the files that examples name.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { statement } from '../../src/audit/chain.js';
import { newAuditKey, publicHalf, signed } from '../../src/audit/key.js';
import type { Ask } from '../../src/client/deps.js';
import { loadConfig } from '../../src/config/load.js';
import type { PairingRequest, RunState } from '../../src/model.js';
import { PASSWORD } from '../ansible/sealed.js';
import { DEFAULTS, KEY } from '../config/fixture.js';
import { summary } from './fake-control.js';
import { type Setting, type Stage, stage } from './stage.js';
import { atFailure, confirmGate, converged, ended, step, tokenGate, waiting } from './states.js';

const prod = (
  more: string,
): string => `${DEFAULTS}  alerts: { channels: [{ type: ntfy, url: 'https://ntfy.example/ops' }] }
servers:
  prod:
    address: 203.0.113.7
    backup: { offsite: { type: s3, bucket: copies, endpoint: 'https://s3.example.com' } }
    stack:
      egress:
        extra_domains:
          - { domain: held.example.com, reason: Feeds, owner: ada }
${more}`;
/** A failover moves one gateway alone: who has a standby has no partitions. */
const ALONE = prod('    partitions: { team: { proxy_subnet: 172.16.253.16/28 } }\n');
const FLEET = prod(`  spare: { address: 203.0.113.8, role: standby, standby_for: prod }
  web: { address: 203.0.113.9 }
  openclaw: { address: 203.0.113.10 }
  monitor: { address: 203.0.113.11, role: monitor }
  watch: { address: 203.0.113.12, role: monitor }
`);

const request = (id: string, kind: PairingRequest['kind'], channel: string): PairingRequest => ({
  ...{ id, kind, channel, subject: '4242', name: 'Ada', asks: [] },
  ...{ requestedAt: ended.startedAt, expiresAt: '2026-11-22T13:00:00.000Z' },
});
const ASKING = [
  request('K7QX2M9P', 'person', 'telegram'),
  request('0b9cbb4e-6f0a-4f5e-9a3b-1f1f6f5b7d11', 'device', 'device'),
];

const AUDIT_KEY = newAuditKey();

/** What a look at a server comes to, by the name of the look. */
const LOOKS: NonNullable<Setting['looks']> = {
  'audit-sign': ({ sign }) => ({
    ...ended,
    audit: {
      signed: {
        publicKey: publicHalf(AUDIT_KEY),
        ...(sign && { signature: signed(AUDIT_KEY, statement(sign)) }),
      },
    },
  }),
  'audit-log': () => ({ ...ended, audit: { page: { lines: [], more: false } } }),
  'backup-list': () => ({ ...converged, backups: [], drills: [] }),
  'offsite-list': () => ({
    ...{ ...converged, backups: [] },
    offsite: { where: 's3://copies', copies: [] },
  }),
  'pairing-requests': () => ({
    ...{ ...ended, groups: [] },
    pairing: { requests: ASKING, pairedDevices: [], unknown: [] },
  }),
  'alerts-test': () => ({
    ...converged,
    groups: [{ name: 'alerts', steps: [step('alerts.1', 'ntfy https://ntfy.example/ops')] }],
  }),
};

const FACTS = {
  use: { load: [0.5, 0.4, 0.3], processors: 4, upSeconds: 93_784, containers: [] },
  memory: { totalBytes: 8e9, usedPercent: 61.2 },
  disks: [{ mount: '/', usedPercent: 34, freeBytes: 5e10 }],
  byDay: [],
  budgets: [],
};

/** What tar sends; and where the copy was unpacked, and is then. */
const COPIES = [{ stdout: tarOf('docker-compose.yml', 'services: {}\n') }];
const TO = [{ stdout: '/tmp/.clincher-cp.1\n/tmp/notes.md\n' }, {}];

const failed: RunState = {
  ...atFailure,
  gates: atFailure.gates.map((gate) => ({ ...gate, id: 'failed:base.sshd' })),
};

const SEAL_TO = await identityToRecipient(await generateX25519Identity());

/** What the run is at, for commands that speak to one. */
const STATES: Readonly<Record<string, RunState>> = {
  answer: { ...waiting, sealTo: SEAL_TO, gates: [tokenGate, confirmGate] },
  retry: failed,
  skip: failed,
  abort: failed,
  show: { ...converged, proof: { checks: [], outside: 'monitor', remoteMs: 20, remote: [], roundTrips: 2 } },
  signal: { ...waiting, gates: [{ ...confirmGate, id: 'tailscale-up', kind: 'done' }] },
};
const OPEN = ['answer', 'retry', 'skip', 'abort', 'signal'];

const TOKEN = `123456789:AA${'abc'.repeat(11)}`;
const KEY_OF_OTHERS = `sk-ant-api03-${'0'.repeat(24)}`;
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/ansible-vault/, PASSWORD],
  [/telegram|BotFather/, TOKEN],
  [/voyage/, `pa-${'0'.repeat(24)}`],
];

/** Says yes, types the name that is asked for, and has a key at hand. */
const AGREES: Ask = {
  confirm: async () => true,
  text: async () => 'prod',
  secret: async (_, question) => SECRETS.find(([of]) => of.test(question))?.[1] ?? KEY_OF_OTHERS,
  select: async (_, __, options) => options[0],
};

const DOTENV = `OPENAI_API_KEY=sk-proj-${'0'.repeat(24)}\n`;
/** What the command before the pipe would say. */
const STDIN: Readonly<Record<string, string>> = {
  'import ansible': PASSWORD,
  'secrets set': `pa-${'0'.repeat(24)}`,
};

const UI = { uiUrl: 'http://127.0.0.1:8233', webUrl: () => undefined };

const terminal = {
  ...{ term: 'xterm', size: () => ({ columns: 80, rows: 24 }), onResize: () => () => {} },
  raw: () => () => {},
};

export function world(name: string, words: readonly string[]): Stage {
  const alone = !/(?:-s openclaw|\b(?:spare|web|monitor|watch|all|failover)\b)/.test(words.join(' '));
  const run = OPEN.includes(name)
    ? summary({ status: 'waiting', endedAt: undefined })
    : summary({ run: 'prod-3f2a' });
  const stdin = new PassThrough();
  const there = stage({
    config: alone ? ALONE : FLEET,
    runs: [run],
    ...(name in STATES ? { states: { '*': [STATES[name]!] } } : {}),
    looks: LOOKS,
    reach: { facts: FACTS, ...(name === 'cp' ? { says: words.includes('prod:/tmp/') ? TO : COPIES } : {}) },
    io: { canPrompt: name !== 'ui', terminal, stdin },
    pauseMs: 1_000,
  });
  stdin.end(STDIN[name] ?? DOTENV);
  Object.assign(there.deps, { ask: AGREES });
  // No browser is opened, and no tool of this machine is asked.
  if (name === 'ui')
    Object.assign(there.deps, { openSession: async () => ({ ...UI, control: there.control }) });
  if (name === 'render') there.io.env['PATH'] = there.bench.cwd;
  files(there, name);
  if (['retry', 'skip', 'show'].includes(name)) {
    const server = loadConfig(undefined, there.io).servers['prod']!;
    there.control.script.input = { server, who: 'ada@laptop', onFailure: 'ask' };
  }
  return there;
}

const PEER = fileURLToPath(new URL('../ansible/peer', import.meta.url));

function files({ bench: { cwd, home } }: Stage, name: string): void {
  const here = (file: string, text: string): void => writeFileSync(join(cwd, file), text, { mode: 0o600 });
  mkdirSync(join(home, '.ssh'));
  const logs = join(home, '.local', 'state', 'clincher', 'runs', 'prod-3f2a');
  mkdirSync(logs, { recursive: true });
  for (const step of ['base.docker', 'stack.services']) writeFileSync(join(logs, `${step}.log`), 'done\n');
  for (const key of ['id_ed25519.pub', 'id_new.pub']) writeFileSync(join(home, '.ssh', key), `${KEY}\n`);
  here('other.yaml', ALONE);
  here('token', `${TOKEN}\n`);
  here('.env', DOTENV);
  here('old.json', '{"voyage_api_key": "pa-0123456789abcdefghijklmnop"}');
  here('notes.md', 'notes');
  if (name !== 'import ansible') return;
  rmSync(join(cwd, 'clincher.yaml'));
  here('.vault-pass', PASSWORD);
  for (const to of [cwd, join(home, 'clincher-ansible')]) cpSync(PEER, to, { recursive: true });
}

function tarOf(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  writeFileSync(join(folder, name), text);
  const tar = execFileSync('tar', ['-c', '-f', '-', '-C', folder, name], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return tar;
}
