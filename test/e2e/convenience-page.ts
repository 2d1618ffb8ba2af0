// The page of the shared files, as a browser on another machine meets it: by the public name, over TLS.
import { run } from '../../scripts/run.js';
import type { LabHost } from '../lab/lab.js';
import type { CliLike } from './convenience.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { DOMAIN } from './stack-stage.js';

type Deploy = (host: LabHost, line: string) => Promise<CliLike>;

interface Asked {
  status: number;
  body: string;
}

/** The password goes by stdin, as curl's configuration. */
async function ask(host: LabHost, path: string, options: readonly string[] = []): Promise<Asked> {
  const config = [
    `url = "https://${DOMAIN}/files${path}"`,
    `resolve = "${DOMAIN}:443:${host.address}"`,
    ...['silent', 'insecure', 'max-time = 20', 'write-out = "\\n%{http_code}"'],
    ...options,
  ].join('\n');
  const { stdout } = await run('curl', ['-K', '-'], { input: config, timeoutMs: 30_000 });
  const cut = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(cut + 1)), body: stdout.slice(0, cut) };
}

const quoted = (text: string): string => text.replace(/[\\"]/g, '\\$&');

const login = (host: LabHost, username: string, password: string): Promise<Asked> =>
  ask(host, '/api/login', [`data = "${quoted(JSON.stringify({ username, password }))}"`]);

export async function filesAt(proof: Proof, host: LabHost, asDeploy: Deploy): Promise<void> {
  const password = (await must(host, `cat ${FOLDER}/secrets/filebrowser/password`)).trim();
  await showsItself(proof, host);
  const guesses = [await login(host, 'admin', 'admin'), await login(host, 'files', 'admin')];
  proof.check(
    'admin/admin and a guess are refused',
    guesses.every(({ status }) => status === 403),
    String(guesses.map(({ status }) => status)),
  );
  const { status, body: token } = await login(host, 'files', password);
  proof.check('the generated password is taken', status === 200 && token.length > 100, `${status}`);
  await asPerson(proof, host, `header = "X-Auth: ${token}"`, asDeploy);
  await standsApart(proof, host, password);
}

async function showsItself(proof: Proof, host: LabHost): Promise<void> {
  const page = await ask(host, '/');
  const asset = /src="\/files(\/[^"]+\.js)"/.exec(page.body)?.[1] ?? '/no-script-in-the-page';
  const script = await ask(host, asset);
  proof.check(
    'its page and its script are found below /files',
    page.status === 200 && script.status === 200,
    `${page.status} ${script.status} ${asset}`,
  );
  const stranger = await ask(host, '/api/resources/');
  proof.check('a stranger sees no file', stranger.status === 401, `${stranger.status}`);
}

async function asPerson(proof: Proof, host: LabHost, header: string, asDeploy: Deploy): Promise<void> {
  const list = await ask(host, '/api/resources/', [header]);
  proof.check('a person sees what was put there', list.body.includes('report.txt'), list.body);
  const put = await ask(host, '/api/resources/new/by-page.txt', [header, 'data = "by the page"']);
  const there = await must(
    host,
    `docker exec openclaw cat /home/node/.openclaw/workspace/uploads/new/by-page.txt`,
  );
  proof.check(
    'what is uploaded in a new folder, the gateway reads',
    put.status === 200 && there.trim() === 'by the page',
    `${put.status} ${there}`,
  );
  const copy = await asDeploy(host, `cat ${FOLDER}/uploads/new/by-page.txt`);
  proof.check('and the deploy user', copy.stdout.trim() === 'by the page', copy.stderr);
  const denied = [
    await ask(host, '/api/settings', [header]),
    await ask(host, '/api/users', [header]),
    await ask(host, '/api/share/report.txt', [header, 'data = "{}"']),
  ].map(({ status }) => status);
  proof.check(
    'no settings, no users, no links for strangers',
    denied.every((each) => each === 403),
    denied.join(),
  );
}

async function standsApart(proof: Proof, host: LabHost, password: string): Promise<void> {
  const reach = (url: string): string =>
    `docker exec openclaw-filebrowser wget -q -T 4 -t 1 -O /dev/null ${url}; echo $?`;
  const gateway = await must(host, reach('http://172.16.253.2:18789/healthz'));
  const outside = await must(host, reach('http://1.1.1.1/'));
  proof.check(
    'from its container neither the gateway nor the internet is reached',
    !/^0$/m.test(gateway + outside),
    `${gateway}${outside}`,
  );
  const seen = await must(
    host,
    `docker inspect openclaw-filebrowser; docker logs openclaw-filebrowser 2>&1; ps -eo args`,
  );
  proof.check('its password is in no argument, environment or log', !seen.includes(password), 'it was found');
}
