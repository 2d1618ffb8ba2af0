// Rules of standbys: each takes the place of one primary, and is as that one is.
import { isPlain, own, type Plain } from './merge.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';
import type { Primary } from './server-merge.js';

/** Undefined: it takes nobody's place, or that of a server which is not there. */
export function primaryOf(raw: Plain, name: string): Primary | undefined {
  const wanted = own(own(raw['servers'], name), 'standby_for');
  if (typeof wanted !== 'string' || wanted === name) return undefined;
  const found = own(raw['servers'], wanted);
  return isPlain(found) && own(found, 'standby_for') === undefined ? { name: wanted, own: found } : undefined;
}

/** What a standby says itself; anything else would be another server after a failover than before. */
const OWN = ['address', 'role', 'standby_for', 'ssh.first_contact', 'ssh.host_keys'];

/** Paths begin at the top. `written`: what stands in the file, by name. */
export function checkStandbys(
  written: readonly (readonly [string, Plain])[],
  servers: readonly NamedServer[],
): Finding[] {
  const standbys = written.filter(([, says]) => typeof says['standby_for'] === 'string');
  return standbys.flatMap(([name, says], at) => [
    ...ofItself(name, says, servers),
    ...ofOthers(name, String(says['standby_for']), standbys.slice(0, at)),
  ]);
}

function ofItself(name: string, says: Plain, servers: readonly NamedServer[]): Finding[] {
  const wanted = String(says['standby_for']);
  const primary = servers.find((each) => each.name === wanted);
  const at = (key: string, sentence: string): Finding => finding(`servers.${name}.${key}`, sentence);
  if (servers.find((each) => each.name === name)?.role !== 'standby')
    return [at('standby_for', 'needs `role: standby` beside it')];
  if (primary === undefined) return [at('standby_for', `names \`${wanted}\`, which is no server here`)];
  if (primary.role !== 'primary' || wanted === name)
    return [at('standby_for', `names \`${wanted}\`, which is no primary`)];
  return [...foreign(name, wanted, says), ...copies(at, primary)];
}

/** It takes its copies from where the primary's go: a primary that is gone gives none. */
function copies(at: (key: string, sentence: string) => Finding, primary: NamedServer): Finding[] {
  const { enabled, offsite } = primary.backup;
  if (Object.keys(primary.partitions ?? {}).length > 0)
    return [
      at(
        'standby_for',
        `names \`${primary.name}\`, which has \`partitions\`: a failover moves one gateway alone, and their bots would stay behind`,
      ),
    ];
  if (!primary.stack.enabled) return [at('standby_for', `names \`${primary.name}\`, which runs no stack`)];
  if (enabled && offsite !== undefined) return [];
  return [at('standby_for', `needs \`backup.offsite\` of \`${primary.name}\`: its copies come from there`)];
}

const foreign = (name: string, primary: string, says: Plain): Finding[] =>
  Object.entries(says)
    .flatMap(([key, value]) =>
      key === 'ssh' && isPlain(value) ? Object.keys(value).map((inner) => `ssh.${inner}`) : [key],
    )
    .filter((path) => !OWN.includes(path))
    .map((path) => ({
      path: ['servers', name, ...path.split('.')],
      on: 'key' as const,
      sentence: `is as \`${primary}\` has it; say it there: a standby says only ${OWN.join(', ')}`,
    }));

function ofOthers(name: string, wanted: string, before: readonly (readonly [string, Plain])[]): Finding[] {
  const other = before.find(([, says]) => says['standby_for'] === wanted);
  if (other === undefined) return [];
  return [finding(`servers.${name}.standby_for`, `\`${wanted}\` has a standby already, \`${other[0]}\``)];
}
