// `npm run e2e -- NAME`: the long proofs, each on the real thing; the last line says how it went.
import { backup } from './backup.js';
import { botApi } from './bot-api.js';
import { canary } from './canary.js';
import { controlPlane } from './control-plane.js';
import { convenience } from './convenience.js';
import { crash } from './crash.js';
import { diagnose } from './diagnose.js';
import { distros } from './distros.js';
import { drDrill } from './dr-drill.js';
import { drill } from './drill.js';
import { egress } from './egress.js';
import { egressChange } from './egress-change.js';
import { record } from './evidence.js';
import { failover } from './failover.js';
import { faultsDay2 } from './faults-day2.js';
import { faultsHadr } from './faults-hadr.js';
import { gatesPage } from './gates-page.js';
import { importing } from './import.js';
import { lockout } from './lockout.js';
import { memory } from './memory.js';
import { monitoring } from './monitoring.js';
import { movePlane } from './move-plane.js';
import { offsite } from './offsite.js';
import { operator } from './operator.js';
import { outside } from './outside.js';
import { partition } from './partition.js';
import { persistence } from './persistence.js';
import { type Proof, Tally } from './proof.js';
import { proxies } from './proxies.js';
import { recover } from './recover.js';
import { redteam } from './redteam.js';
import { rotate } from './rotate.js';
import { rotateKeys } from './rotate-keys.js';
import { sandbox } from './sandbox.js';
import { soak } from './soak.js';
import { stack } from './stack.js';
import { stackBadLuck } from './stack-bad-luck.js';
import { tiers } from './tiers.js';
import { upgrade } from './upgrade.js';
import { upkeep } from './upkeep.js';
import { verifyMutations } from './verify-mutations.js';
import { watchdog } from './watchdog.js';

const PROOFS: Record<string, (proof: Proof) => Promise<void>> = {
  crash,
  lockout,
  memory,
  monitoring,
  'move-plane': movePlane,
  offsite,
  operator,
  outside,
  canary,
  convenience,
  'control-plane': controlPlane,
  diagnose,
  distros,
  backup,
  'bot-api': botApi,
  'dr-drill': drDrill,
  drill,
  egress,
  'faults day2': faultsDay2,
  'faults hadr': faultsHadr,
  'egress-change': egressChange,
  failover,
  'gates-page': gatesPage,
  import: importing,
  partition,
  persistence,
  proxies,
  recover,
  redteam,
  rotate,
  'rotate-keys': rotateKeys,
  sandbox,
  soak,
  stack,
  'stack-bad-luck': stackBadLuck,
  tiers,
  upgrade,
  upkeep,
  'verify-mutations': verifyMutations,
  watchdog,
};

async function prove(name: string, work: (proof: Proof) => Promise<void>): Promise<number> {
  const tally = new Tally();
  try {
    await work(tally);
  } catch (error) {
    tally.check(`${name} came to its end`, false, (error as Error).stack ?? String(error));
  }
  await record(name, tally);
  process.stdout.write(`${name}: ${tally.passed} passed, ${tally.failed} failed\n`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !Object.hasOwn(PROOFS, name));
  if (names.length === 0 || unknown.length > 0) {
    const problem = unknown.length > 0 ? `No such proof: ${unknown.join(', ')}.` : 'Which proof?';
    process.stderr.write(`${problem} npm run e2e -- ${Object.keys(PROOFS).join('|')}\n`);
    return 2;
  }
  let worst = 0;
  for (const name of names) worst = Math.max(worst, await prove(name, PROOFS[name]!));
  return worst;
}

/** `faults day2` is one name. */
const joined = (words: readonly string[]): string[] =>
  words.flatMap((word, i) =>
    words[i - 1] === 'faults' ? [] : word === 'faults' ? [`faults ${words[i + 1]}`] : [word],
  );

process.exit(await main(joined(process.argv.slice(2))));
