// What a build stage needs to know of this machine to fetch packages: it is in that stage only, never in an image.
import { run } from '../../../scripts/run.js';
import { putFiles } from '../build.js';
import { extraAuthorities } from '../trust.js';

/** First in a build stage. */
export const likeTheMachine = `RUN apt-get update -q && apt-get install -yq --no-install-recommends ca-certificates
COPY machine/ /
RUN update-ca-certificates
`;

export async function putMachine(folder: string): Promise<void> {
  const authorities = extraAuthorities().map((each, i) => [authorityFile(i), `${each}\n`]);
  putFiles(`${folder}/machine`, {
    'etc/pip.conf': await pipConfig(),
    'root/.config/go/env': await goConfig(),
    ...Object.fromEntries(authorities),
  });
}

const authorityFile = (n: number): string => `usr/local/share/ca-certificates/machine-${n + 1}.crt`;

/** Where packages come from; the rest of a configuration names files of this machine. */
async function pipConfig(): Promise<string> {
  const { stdout } = await run('pip', ['config', 'list']);
  const wanted =
    /^(?:global|install|site|user|:env:)\.(index-url|extra-index-url|trusted-host|proxy)='(.*)'$/gm;
  const lines = [...stdout.matchAll(wanted)].map(([, key, value]) => `${key} = ${value}`);
  const trust = 'cert = /etc/ssl/certs/ca-certificates.crt';
  return ['[global]', trust, 'disable-pip-version-check = true', 'timeout = 180', ...lines, ''].join('\n');
}

async function goConfig(): Promise<string> {
  const keys = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE'];
  const { stdout, code } = await run('go', ['env', ...keys]);
  const known = code === 0 ? stdout.split('\n') : keys.map((key) => process.env[key] ?? '');
  return keys.flatMap((key, i) => (known[i] ? [`${key}=${known[i]}\n`] : [])).join('');
}
