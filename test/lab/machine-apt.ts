// What this machine's apt knows that hosts need as well: where Debian is fetched from, and through which proxy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { run } from '../../scripts/run.js';
import { type AptSource, parseSources } from '../../src/commands/apt-sources.js';
import { debianMirrors, type Mirrors } from './apt-sources.js';

export function machineMirrors(): Mirrors | undefined {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name))
    : [];
  return debianMirrors([
    ...readSources('/etc/apt/sources.list'),
    ...names.flatMap((name) => readSources(`${folder}/${name}`)),
  ]);
}

export async function machineProxies(): Promise<string> {
  const { stdout } = await run('apt-config', ['dump', 'Acquire']);
  const lines = stdout.split('\n').filter((line) => /^Acquire::https?::Proxy(::\S+)? ".+";$/.test(line));
  return lines.map((line) => `${line}\n`).join('');
}

function readSources(file: string): AptSource[] {
  return existsSync(file) ? parseSources(file, readFileSync(file, 'utf8')) : [];
}
