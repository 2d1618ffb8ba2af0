// The dashboard through the tunnel: on loopback alone, for pages of its own alone, and gone when the command is.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { run } from '../../scripts/run.js';
import { type Scene, said, until } from './operator-scene.js';
import { seconds } from './proof.js';

const PORT = 18_799;

interface Answer {
  status: number;
  location?: string | undefined;
  text: string;
}

const ask = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: PORT, path, headers: { host: `127.0.0.1:${PORT}`, ...headers } },
      (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, location: answer.headers.location, text }),
        );
      },
    );
    asked.on('error', reject);
    asked.end();
  });

const isOpen = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(PORT, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** The gateway greets whoever it lets in as a page: the first frame that it sends. */
const greeted = (origin: string): Promise<string> =>
  new Promise((resolve) => {
    const headers = {
      host: `127.0.0.1:${PORT}`,
      origin,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const asked = request({ host: '127.0.0.1', port: PORT, path: '/', headers });
    asked.on('upgrade', (_, socket, head) => {
      let text = head.toString('latin1');
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (text.includes('connect.challenge')) end();
      });
      const end = (): void => {
        socket.destroy();
        resolve(text);
      };
      setTimeout(end, 5_000);
    });
    asked.on('response', (answer) => resolve(`refused with ${answer.statusCode}`));
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });

export async function dashboard(scene: Scene): Promise<void> {
  const { proof, stage, name, host } = scene;
  const began = Date.now();
  const going = stage.start(['open', name, '--port', String(PORT)]);
  const isTold = await until(async () => going.said().includes('/.clincher/'), 60_000);
  proof.check('open: the address is told', isTold, going.said());
  proof.figure('open, until it is there', seconds(Date.now() - began));
  const link = new URL(/http:\S+/.exec(going.said())?.[0] ?? 'http://none/').pathname;
  const page = await ask('/');
  proof.check(
    'the gateway’s own page answers',
    page.status === 200 && /<html/i.test(page.text) && /openclaw/i.test(page.text),
    page.text.slice(0, 300),
  );
  const listening = await run('ss', ['-ltnH', `sport = :${PORT}`]);
  const words = readFileSync(`/proc/${going.child.pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  proof.check(
    'on loopback alone',
    /127\.0\.0\.1:18799/.test(listening.stdout) && listening.stdout.trim().split('\n').length === 1,
    listening.stdout,
  );
  const foreign = await Promise.all([
    ask('/', { origin: 'https://evil.example' }),
    ask('/', { host: `evil.example:${PORT}` }),
    ask(link, { host: 'evil.example' }),
  ]);
  proof.check(
    'a page of another site, and another name for loopback, are refused',
    foreign.every(({ status }) => status === 403),
    JSON.stringify(foreign.map(({ status }) => status)),
  );
  const own = await greeted(`http://127.0.0.1:${PORT}`);
  proof.check(
    'a page of its own reaches the gateway’s socket',
    own.includes('connect.challenge'),
    own.slice(0, 300),
  );
  const other = await greeted('https://evil.example');
  proof.check('and no other', other.includes('403') || other.includes('refused'), other.slice(0, 300));
  const first = await ask(link);
  const token = decodeURIComponent(/#token=(.*)$/.exec(first.location ?? '')?.[1] ?? '');
  proof.check('the link logs in', first.status === 302 && /^[0-9a-f]{64}$/.test(token), `${first.status}`);
  proof.check('once', (await ask(link)).status === 410);
  const said401 = await stage
    .host(name)
    .exec(
      `curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $(cat)" -X POST -H 'content-type: application/json' -d '{"tool":"sessions_list","args":{}}' http://$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' openclaw | cut -d' ' -f1):18789/tools/invoke`,
      { input: token },
    );
  proof.check('with the gateway’s own token', said401.stdout === '200', said401.stdout + said401.stderr);
  proof.check(
    'which stands in no command line and was never printed',
    !words.includes(token) && !going.said().includes(token),
    'it does',
  );
  const second = await stage.cli(['open', name, '--port', String(PORT)]);
  proof.check(
    'a port that is taken is told',
    second.code === 1 && second.stderr.includes('PORT_TAKEN') && second.stderr.includes('--port 18800'),
    said(second),
  );
  going.child.kill('SIGINT');
  const ended = await going.ended;
  proof.check('Ctrl-C: the port is closed', ended.code === 0 && !(await isOpen()), said(ended));
  const published = await host.exec(
    "docker ps --format '{{.Ports}}' | grep -c 18789- ; ss -ltnH 'sport = :18789'",
  );
  proof.check('nothing was published on the host', published.stdout.trim() === '0', published.stdout);
}
