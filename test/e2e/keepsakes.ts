// What must outlive its container: put in by the software's own ways, and read back through it.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:tls';
import { render } from '../../src/activities/script.js';
import { asked, offline } from '../../src/commands/openclaw.js';
import type { ModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import { isPaired, pair } from './paired-device.js';
import { must } from './published.js';
import { DOMAIN } from './stack-stage.js';

export interface Seen {
  isThere: boolean;
  said: string;
}

export interface Keepsake {
  what: string;
  /** The container whose volume holds it. */
  of: 'openclaw' | 'openclaw-redis' | 'openclaw-caddy';
  put(): Promise<void>;
  look(): Promise<Seen>;
}

const word = (): string => randomBytes(4).toString('hex');

/** The model server answers all alike; the word alone tells this run from others. */
const NOTE = `The heron of this deployment is called ${word()}.`;

/** Found by the software's own search, over embeddings that it asked for through LiteLLM. */
const memory = (host: LabHost): Keepsake => ({
  what: 'a memory',
  of: 'openclaw',
  async put() {
    const file = 'umask 077; cat >/home/node/.openclaw/workspace/MEMORY.md';
    await must(host, `docker exec -i -u 1000:1000 openclaw sh -c '${file}'`, NOTE);
    await openclaw(host, 'memory', 'index');
  },
  async look() {
    const said = await openclaw(host, 'memory', 'search', NOTE, '--json');
    return { isThere: said.includes(`"snippet": "${NOTE}"`), said: said.slice(-400) };
  },
});

/** The next turn of it brings what was said before to the model. */
function conversation(host: LabHost, models: ModelServer): Keepsake {
  const secret = `quokka-${word()}`;
  const say = (text: string): Promise<string> =>
    openclaw(host, 'agent', '--agent', 'main', '--message', text, '--json');
  return {
    what: 'a conversation',
    of: 'openclaw',
    async put() {
      const said = await say(`Keep the word ${secret} in mind. [[say: kept]]`);
      if (!said.includes('kept')) throw new Error(said.slice(-500));
    },
    async look() {
      const question = `question-${word()}`;
      const said = await say(`${question}: which word? [[say: heard]]`);
      const prompts = (await models.recorded()).map(({ body }) => JSON.stringify(body));
      const prompt = prompts.find((text) => text.includes(question));
      const isThere = said.includes('heard') && (prompt?.includes(secret) ?? false);
      return {
        isThere,
        said: prompt === undefined ? `no model was asked: ${said.slice(-300)}` : 'asked without it',
      };
    },
  };
}

function device(host: LabHost): Keepsake {
  let id = '';
  return {
    what: 'a paired device',
    of: 'openclaw',
    async put() {
      id = await pair(host);
    },
    look: () => isPaired(host, id),
  };
}

/** A setting of an operator's own, that clincher knows nothing of and both versions have. */
const setting = (host: LabHost): Keepsake => ({
  what: 'a setting of an operator',
  of: 'openclaw',
  put: async () => void (await must(host, render(offline('config', 'set', 'ui.seamColor', COLOUR)))),
  async look() {
    const said = await must(host, render(offline('config', 'get', 'ui.seamColor')));
    return { isThere: said.includes(COLOUR), said };
  },
});

const COLOUR = '#4711AB';

/** One call of the model with a price, from where the gateway calls it. */
const SPEND = `const { litellmKey } = JSON.parse(require('fs').readFileSync('/home/node/.config/clincher/secrets.json'));
const body = JSON.stringify({ model: 'local/priced', messages: [{ role: 'user', content: 'a word ' + Math.random() }] });
const headers = { authorization: 'Bearer ' + litellmKey, 'content-type': 'application/json' };
fetch('http://openclaw-litellm:4000/v1/chat/completions', { method: 'POST', headers, body }).then(({ status }) => console.log(status));`;

/** The counter is LiteLLM's, in Redis: a model over its month's budget is refused, and would be answered if it forgot. */
const spending = (host: LabHost): Keepsake => {
  const call = (): Promise<string> => must(host, 'docker exec -i openclaw node -', SPEND);
  return {
    what: 'what a model has spent',
    of: 'openclaw-redis',
    async put() {
      for (let i = 0; i < 5; i += 1) {
        if ((await call()).trim() === '429') return;
        // What was spent is counted a moment later.
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
      throw new Error('a budget that does not refuse');
    },
    async look() {
      const said = (await call()).trim();
      return { isThere: said === '429', said };
    },
  };
};

/** Of Caddy's own authority, which is in its volume too. */
function certificate(host: LabHost): Keepsake {
  let first = '';
  return {
    what: 'the certificate',
    of: 'openclaw-caddy',
    async put() {
      first = await fingerprint(host);
    },
    async look() {
      const now = await fingerprint(host);
      return { isThere: now === first && first !== '', said: now };
    },
  };
}

function fingerprint(host: LabHost): Promise<string> {
  return new Promise((resolve, reject) => {
    const where = { host: host.address, port: 443, servername: DOMAIN, rejectUnauthorized: false };
    const socket = connect({ ...where, timeout: 10_000 }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('timeout', () => socket.destroy(new Error('no handshake within 10 s')));
  });
}

async function openclaw(host: LabHost, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await host.exec(render(asked(...words)), { timeoutMs: 240_000 });
  return stdout + stderr;
}

export const keepsakes = (host: LabHost, models: ModelServer): Keepsake[] => [
  certificate(host),
  setting(host),
  memory(host),
  conversation(host, models),
  device(host),
  spending(host),
];
