// egress: allowed, denied, private and dead are four answers, asked from inside the gateway, and four verdicts of verify.
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { commit, FOLDER, restart, type Sabotage } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

const NAME = 'egress';

/** On the list, and led to a private address by whoever answers for it: the attack that a list of names does not see. */
const REBOUND = 'rebound.lab.test';

export async function egress(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host, models } = await provisionedStack(proof, stage, NAME, { more: withRebound });
    await fourAnswers(proof, host, new URL(models.url).host);
    await fourVerdicts(proof, stage, host);
  });
}

const withRebound = () => ({
  stack: {
    egress: { extra_domains: [{ domain: REBOUND, reason: 'a name that leads to a private address' }] },
  },
});

/** What the proxy said to CONNECT, and what came through the tunnel. */
export interface Answer {
  status?: number;
  reason?: string;
  error?: string;
  through?: string;
}

/** Not the program of the checks: a second opinion would be none. */
const CONNECT = `const http = require('http'), target = process.argv[1];
const end = (answer) => process.stdout.write(JSON.stringify(answer), () => process.exit(0));
const request = http.request({ host: 'openclaw-egress', port: 4750, method: 'CONNECT', path: target, timeout: 8000 });
request.on('connect', (answer, socket) => {
  if (answer.statusCode !== 200) return end({ status: answer.statusCode, reason: answer.headers['x-smokescreen-error'] });
  socket.write('GET /v1/models HTTP/1.1\\r\\nhost: ' + target + '\\r\\nconnection: close\\r\\n\\r\\n');
  socket.once('data', (data) => end({ status: 200, through: String(data).split('\\r\\n')[0] }));
});
request.on('timeout', () => end({ error: 'timeout' }));
request.on('error', (error) => end({ error: error.code || error.message }));
request.end();`;

export async function connect(host: LabHost, target: string): Promise<Answer> {
  const words = `docker exec -i openclaw node - ${target}`;
  return JSON.parse(await must(host, words, CONNECT.replace('argv[1]', 'argv[2]'))) as Answer;
}

const said = ({ status, reason, error, through }: Answer): string =>
  [status ?? error, reason, through].filter((part) => part !== undefined).join(', ');

async function fourAnswers(proof: Proof, host: LabHost, models: string): Promise<void> {
  const seen = async (what: string, target: string, is: (answer: Answer) => boolean): Promise<string> => {
    const answer = await connect(host, target);
    proof.check(`${what}: ${target}: ${said(answer)}`, is(answer), said(answer));
    return said(answer);
  };
  await rebind(host, '10.255.255.254');
  const answers = [
    await seen(
      'allowed',
      models,
      ({ status, through }) => status === 200 && /^HTTP\/1\.1 \d/.test(through ?? ''),
    ),
    await seen('denied', 'refused.example.com:443', isRefused(/default rule policy used/)),
    await seen('private', `${REBOUND}:443`, isRefused(/Deny: Private Range/)),
  ];
  await rebind(host, '169.254.169.254');
  await seen('the cloud’s metadata', `${REBOUND}:80`, isRefused(/Deny: Not Global Unicast/));
  await must(host, 'docker stop -t 5 openclaw-egress >/dev/null');
  answers.push(
    await seen('dead', models, ({ status, error }) => status === undefined && error !== undefined),
  );
  proof.check('four different answers', new Set(answers).size === 4, answers.join('\n'));
  await must(host, `cd ${FOLDER} && docker compose up -d --wait openclaw-egress >/dev/null 2>&1`);
}

const isRefused =
  (why: RegExp) =>
  ({ status, reason }: Answer): boolean =>
    status === 407 && why.test(reason ?? '');

/** As a name server under somebody else's hand would answer the egress proxy. */
const rebind = (host: LabHost, address: string): Promise<string> =>
  must(
    host,
    // In place: the container has this very file mounted, and would keep a replaced one.
    `f=$(docker inspect -f '{{.HostsPath}}' openclaw-egress) && old=$(grep -v ${REBOUND} "$f") && printf '%s\\n' "$old" '${address} ${REBOUND}' >"$f"`,
  );

type Verdict = 'pass' | 'fail' | 'unknown';

interface State extends Sabotage {
  /** Of egress-proxy, egress-allowed, egress-denied, egress-private. */
  verdicts: [Verdict, Verdict, Verdict, Verdict];
}

const up = `docker compose up -d --wait --no-deps --force-recreate openclaw-egress >/dev/null 2>&1`;
const back = `cp -p /root/list config/smokescreen-acl.yaml && cp -p /root/compose docker-compose.yml && ${up}`;

const STATES: readonly State[] = [
  { name: 'as it should be', verdicts: ['pass', 'pass', 'pass', 'pass'] },
  {
    name: 'the proxy stopped',
    run: 'docker stop -t 5 openclaw-egress >/dev/null',
    verdicts: ['fail', 'unknown', 'unknown', 'unknown'],
    undo: up,
  },
  {
    name: 'the proxy frozen: it takes connections and says nothing',
    run: 'docker pause openclaw-egress >/dev/null',
    verdicts: ['fail', 'unknown', 'unknown', 'unknown'],
    undo: 'docker unpause openclaw-egress >/dev/null',
  },
  {
    name: 'a needed name off the list',
    file: {
      path: 'config/smokescreen-acl.yaml',
      change: (file) => (file.default.allowed_domains = ['example.org']),
    },
    run: restart('openclaw-egress'),
    verdicts: ['pass', 'fail', 'pass', 'pass'],
    undo: back,
  },
  {
    name: 'a list that lets out everything below a name',
    file: {
      path: 'config/smokescreen-acl.yaml',
      change: (file) => file.default.allowed_domains.push('*.example.com'),
    },
    run: restart('openclaw-egress'),
    verdicts: ['pass', 'pass', 'fail', 'pass'],
    undo: back,
  },
  {
    name: 'a private network let out, which the list of names hides',
    file: {
      path: 'docker-compose.yml',
      change: ({ services }) => services['openclaw-egress'].command.push('--allow-range=10.255.0.0/16'),
    },
    run: up,
    verdicts: ['pass', 'pass', 'pass', 'fail'],
    undo: back,
  },
];

async function fourVerdicts(proof: Proof, stage: Stage, host: LabHost): Promise<void> {
  await must(
    host,
    `cp -p ${FOLDER}/config/smokescreen-acl.yaml /root/list && cp -p ${FOLDER}/docker-compose.yml /root/compose`,
  );
  for (const state of STATES) {
    await commit(host, state);
    const result = await stage.cli(['verify', '-s', NAME, '--only', 'verify.egress-*', '--json']);
    const seen = verdictsOf(result);
    proof.check(`${state.name}: ${seen}`, seen === state.verdicts.join(), result.stdout + result.stderr);
    proof.figure(`verify, ${state.name}`, seconds(result.ms));
    if (state.undo) await must(host, `cd ${FOLDER} && ${state.undo}`);
  }
}

const ASKED = ['egress-proxy', 'egress-allowed', 'egress-denied', 'egress-private'];

function verdictsOf({ stdout }: CliResult): string {
  const { checks } = JSON.parse(stdout) as { checks: { id: string; verdict: Verdict }[] };
  return ASKED.map((name) => checks.find(({ id }) => id === `verify.${name}`)?.verdict ?? 'absent').join();
}
