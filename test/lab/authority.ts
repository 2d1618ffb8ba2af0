// The lab's own certificate authority: made once, trusted by every lab host from birth, never by this machine.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { labCache } from './cache.js';

export interface Authority {
  certificate: string;
  file: string;
}

export interface Certificate {
  certificateFile: string;
  keyFile: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function labAuthority(): Authority {
  const file = labCache('authority.crt');
  if (!existsSync(file)) makeAuthority(file);
  return { file, certificate: readFileSync(file, 'utf8') };
}

/** For names such as `IP:10.66.0.3` and `DNS:registry.example`; made once for each list of names. */
export function labCertificate(name: string, names: readonly string[]): Certificate {
  const { file: authority } = labAuthority();
  const [certificateFile, keyFile, kept] = ['crt', 'key', 'names'].map((end) => labCache(`${name}.${end}`));
  const wanted = names.join(',');
  const known = existsSync(kept!) ? readFileSync(kept!, 'utf8') : '';
  if (known !== wanted) {
    const made = ['-x509', ...newKey, '-keyout', keyFile!, '-out', certificateFile!];
    const signed = ['-CA', authority, '-CAkey', labCache('authority.key')];
    const extensions = [`subjectAltName=${wanted}`, 'basicConstraints=critical,CA:FALSE'];
    request(`/CN=${name}`, [...made, ...signed], [...extensions, 'extendedKeyUsage=serverAuth']);
    writeFileSync(kept!, wanted);
  }
  return { certificateFile: certificateFile!, keyFile: keyFile! };
}

/** The certificate gets its name last: whoever finds it finds the key as well. A second maker gives way. */
function makeAuthority(file: string): void {
  const lock = `${file}.making`;
  try {
    mkdirSync(lock);
  } catch {
    waitFor(file, lock);
    return;
  }
  try {
    const out = ['-keyout', labCache('authority.key'), '-out', `${file}.part`];
    const may = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
    request('/CN=clincher lab', ['-x509', ...newKey, ...out], may);
    renameSync(`${file}.part`, file);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function waitFor(file: string, lock: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < 100 && !existsSync(file); i++) Atomics.wait(pause, 0, 0, 100);
  if (existsSync(file)) return;
  rmSync(lock, { recursive: true, force: true }); // its maker died
  makeAuthority(file);
}

function request(subject: string, words: readonly string[], extensions: readonly string[]): void {
  const added = extensions.flatMap((each) => ['-addext', each]);
  const args = ['req', ...words, '-days', '3650', '-subj', subject, ...added];
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
