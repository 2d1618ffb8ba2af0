// operator: a person at their own machine: a shell, commands, files, logs, what is used, what it costs, the dashboard, an assistant.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assistants } from './operator-mcp.js';
import { dashboard } from './operator-open.js';
import { quietly } from './operator-quiet.js';
import { type Scene, said, until } from './operator-scene.js';
import { PRICED, spends } from './operator-usage.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { provisionedStack, type StackVersion, versions } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

const NAME = 'desk';

export async function operator(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const scene = await provisioned(proof, stage);
    await execs(scene);
    await wrongKey(scene);
    await shell(scene);
    await copies(scene);
    await tops(scene);
    await logs(scene);
    await spends(scene);
    await dashboard(scene);
    await assistants(scene);
    await quietly(scene);
    await notes(scene);
  });
}

async function provisioned(proof: Proof, stage: Stage): Promise<Scene> {
  const version = versions.at(-1) as StackVersion;
  const { host } = await provisionedStack(proof, stage, NAME, {
    version,
    more: (address) => ({
      providers: { openai: { api_base: `http://${address}/v1` } },
      models: {
        list: [
          { name: 'local/large', provider: 'vllm', id: 'large', budget_usd: 10 },
          { name: 'local/small', provider: 'vllm', id: 'small', budget_usd: 1 },
          { name: PRICED, provider: 'openai', id: 'gpt-4o-mini', budget_usd: 10 },
        ],
      },
    }),
    ready: async () => {
      const words = ['secrets', 'set', 'openai_api_key', '-s', NAME];
      const key = await stage.cli(words, { input: 'sk-lab-not-a-real-key-000000' });
      if (key.code !== 0) throw new Error(key.stderr);
    },
  });
  return { proof, stage, host, name: NAME };
}

async function execs({ proof, stage }: Scene): Promise<void> {
  const plain = await stage.cli(['exec', NAME, '--', 'id', '-un']);
  proof.check(
    'exec runs as the user who logs in',
    plain.stdout === 'deploy\n' && plain.code === 0,
    said(plain),
  );
  proof.figure('exec, all of it', seconds(plain.ms));
  const code = await stage.cli([
    'exec',
    NAME,
    '--',
    'sh',
    '-c',
    'echo "a  b" $1; echo no >&2; exit 42',
    'sh',
    "it's $HOME",
  ]);
  proof.check(
    'its exit status comes through, and words stay words',
    code.code === 42 && code.stdout === "a  b it's $HOME\n" && code.stderr.includes('no'),
    said(code),
  );
  const killed = await stage.cli(['exec', NAME, '--', 'sh', '-c', 'kill -9 $$']);
  proof.check('a command that a signal ended says so', killed.code === 137, said(killed));
  const root = await stage.cli(['exec', NAME, '--sudo', '--json', '--', 'id', '-u']);
  const document = JSON.parse(root.stdout || '{}') as { stdout?: string; exitCode?: number };
  proof.check(
    '--sudo is root, as a document',
    document.stdout === '0\n' && document.exitCode === 0,
    said(root),
  );
  const piped = await stage.cli(['exec', NAME, '--stdin', '--', 'wc', '-c'], { input: 'x'.repeat(300_000) });
  proof.check('--stdin: its input is ours', piped.stdout.trim() === '300000', said(piped));
  const inside = await stage.cli(['exec', NAME, '--in', 'openclaw', '--', 'sh', '-c', 'id -un; hostname']);
  proof.check('--in: inside the gateway’s container', inside.stdout === 'node\nopenclaw\n', said(inside));
  const left = stage.start(['exec', NAME, '--', 'sleep', '4321']);
  await until(async () => (await stage.host(NAME).exec('pgrep -f "sleep 4321"')).code === 0);
  left.child.kill('SIGINT');
  const ended = await left.ended;
  const gone = await until(async () => (await stage.host(NAME).exec('pgrep -fx "sleep 4321"')).code !== 0);
  proof.check('Ctrl-C ends it there as well', ended.code === 130 && gone, said(ended));
}

async function wrongKey({ proof, stage, host }: Scene): Promise<void> {
  const lines = (): Promise<string> => must(host, 'wc -l </var/log/clincher/audit.log');
  const before = await lines();
  const { host_keys } = stage.server(NAME)['ssh'] as { host_keys: string[] };
  stage.set(NAME, { ssh: { host_keys: ['SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU'] } });
  for (const words of [
    ['exec', NAME, '--', 'touch', '/tmp/reached'],
    ['cp', `${NAME}:/etc/hosts`, stage.folder],
    ['usage', '-s', NAME],
  ]) {
    const refused = await stage.cli(words);
    const text = refused.stderr;
    proof.check(
      `a host key that is not pinned: ${words[0]} is refused, with both fingerprints`,
      refused.code === 5 &&
        text.includes('HOST_KEY_MISMATCH') &&
        text.includes('shown:') &&
        text.includes('pinned:'),
      said(refused),
    );
  }
  const inTerminal = await atTerminal(stage, ['ssh', NAME], '');
  proof.check(
    'and so is ssh',
    inTerminal.code === 5 && inTerminal.output.includes('HOST_KEY_MISMATCH'),
    inTerminal.output,
  );
  stage.set(NAME, { ssh: { host_keys } });
  const reached = await host.exec('test -e /tmp/reached');
  proof.check('nothing was done there, nor noted', reached.code !== 0 && (await lines()) === before);
}

/** util-linux: a terminal of its own, and the exit status of what ran in it. */
async function atTerminal(
  stage: Stage,
  words: readonly string[],
  keys: string,
): Promise<{ code: number; output: string }> {
  const [program, ...args] = stage.words(words);
  const line = [program, ...args].map((word) => `'${word}'`).join(' ');
  const { spawn } = await import('node:child_process');
  const child = spawn('script', ['-qefc', `stty rows 33 cols 101; exec ${line}`, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', CI: '', ...stage.env },
    cwd: stage.folder,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // As a person does: after the prompt is there.
  if (keys !== '') await until(async () => /[$#] $/.test(output));
  child.stdin.write(keys);
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? 137)));
  return { code, output };
}

async function shell({ proof, stage }: Scene): Promise<void> {
  const { code, output } = await atTerminal(
    stage,
    ['ssh', NAME],
    'echo I am $(id -un) on $(tty); stty size; exit 9\r',
  );
  proof.check('ssh: a shell at a terminal', /I am deploy on \/dev\/pts\//.test(output), output);
  proof.check('of this window’s size', /^33 101\r?$/m.test(output), output);
  proof.check('its exit status is the command’s', code === 9, `exit ${code}\n${output}`);
  const none = await stage.cli(['ssh', NAME]);
  proof.check(
    'without a terminal it says what to type',
    none.code === 2 && none.stderr.includes(`clincher exec ${NAME} -- uptime`),
    said(none),
  );
}

async function copies({ proof, stage, host }: Scene): Promise<void> {
  const folder = join(stage.folder, 'copies');
  mkdirSync(join(folder, 'tree', 'in'), { recursive: true });
  writeFileSync(join(folder, 'tree', 'in', 'a file'), 'x'.repeat(3_000_000), { mode: 0o640 });
  writeFileSync(join(folder, 'tree', 'run.sh'), '#!/bin/sh\n', { mode: 0o750 });
  const up = await stage.cli(['cp', join(folder, 'tree'), `${NAME}:/home/deploy/kept`, '--json']);
  const there = await must(host, `stat -c '%a %s %U' "/home/deploy/kept/in/a file" /home/deploy/kept/run.sh`);
  proof.check(
    'cp: a folder goes there, modes and all',
    up.code === 0 && there === '640 3000000 deploy\n750 10 deploy\n',
    said(up) + there,
  );
  const down = await stage.cli(['cp', `${NAME}:/home/deploy/kept`, join(folder, 'back')]);
  const back = join(folder, 'back', 'in', 'a file');
  proof.check(
    'and comes back the same',
    down.code === 0 &&
      existsSync(back) &&
      statSync(back).size === 3_000_000 &&
      (statSync(back).mode & 0o777) === 0o640,
    said(down),
  );
  writeFileSync(join(folder, 'audit.log'), 'mine');
  const refused = await stage.cli(['cp', `${NAME}:/var/log/clincher/audit.log`, folder]);
  proof.check(
    'what is root’s is refused, and what is here stays',
    refused.code === 1 && readFileSync(join(folder, 'audit.log'), 'utf8') === 'mine',
    said(refused),
  );
  const sudo = await stage.cli(['cp', '--sudo', `${NAME}:/var/log/clincher/audit.log`, folder]);
  proof.check(
    'but not to root',
    sudo.code === 0 && readFileSync(join(folder, 'audit.log'), 'utf8').includes('operator.cp'),
    said(sudo),
  );
  const left = await must(host, 'find / -xdev -name ".clincher-cp*" 2>/dev/null; true');
  proof.check('nothing half is left', left === '', left);
}

async function tops({ proof, stage }: Scene): Promise<void> {
  const shown = await stage.cli(['top', NAME, '--json']);
  const found = JSON.parse(shown.stdout || '{}') as {
    memory?: { totalBytes: number };
    containers?: { name: string; memoryBytes: number; limitBytes: number }[];
  };
  const gateway = found.containers?.find(({ name }) => name === 'openclaw');
  proof.check(
    'top: the gateway uses memory, within its limit',
    (gateway?.memoryBytes ?? 0) > 1e8 && (gateway?.memoryBytes ?? 0) < (gateway?.limitBytes ?? 0),
    said(shown),
  );
  proof.figure('top, all of it', seconds(shown.ms));
}

async function logs({ proof, stage, host }: Scene): Promise<void> {
  const all = await stage.cli(['logs', NAME, '--tail', '3']);
  const services = ['openclaw', 'openclaw-litellm', 'openclaw-redis'].filter((each) =>
    new RegExp(`^${each} +\\|`, 'm').test(all.stdout),
  );
  proof.check('logs: of every service', all.code === 0 && services.length === 3, said(all));
  const going = stage.start(['logs', NAME, 'litellm', '--tail', '1', '-f']);
  await until(async () => going.said() !== '');
  const ask =
    "import http.client as h; c = h.HTTPConnection('127.0.0.1', 4000); c.request('GET', '/a-visit-of-the-proof'); c.getresponse()";
  await must(host, `docker exec openclaw-litellm python3 -c "${ask}"`);
  const followed = await until(async () => going.said().includes('/a-visit-of-the-proof'));
  proof.check('-f goes on as it does', followed, going.said().slice(-800));
  going.child.kill('SIGINT');
  const ended = await going.ended;
  const gone = await until(async () => (await host.exec('pgrep -f "compose.*logs.*--follow"')).code !== 0);
  proof.check('Ctrl-C ends it, there as well', ended.code === 130 && gone, said(ended));
  const typo = await stage.cli(['logs', NAME, 'litelm']);
  proof.check(
    'a service that is none is named',
    typo.code === 2 && typo.stderr.includes('did you mean litellm?'),
    said(typo),
  );
}

async function notes({ proof, stage, host }: Scene): Promise<void> {
  const log = (await must(host, 'cat /var/log/clincher/audit.log'))
    .split('\n')
    .filter((line) => line.includes(' operator.'));
  for (const act of ['ssh', 'exec', 'cp', 'top', 'logs', 'open'])
    proof.check(
      `${act} is noted on the host: when, who, what`,
      log.some((line) =>
        new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:]+Z - \\S+@\\S+ operator\\.${act}( |$)`).test(line),
      ),
      log.join('\n'),
    );
  proof.check(
    'with its words',
    log.some((line) => line.endsWith('operator.exec id -un')),
    log.join('\n'),
  );
  const secret = await stage.cli(['exec', NAME, '--', 'true', 'sk-lab-typed-by-hand-0123456789abcdef']);
  const line = await must(host, 'tail -n 1 /var/log/clincher/audit.log');
  proof.check(
    'what looks like a secret is not',
    secret.code === 0 && /operator\.exec true \*+$/m.test(line),
    line,
  );
  const exported = await stage.cli(['audit', 'export', '-s', NAME], { timeoutMs: 120_000 });
  proof.check(
    'an audit export has them',
    exported.code === 0 && exported.stdout.includes('operator.ssh'),
    exported.stderr.slice(-800),
  );
}
