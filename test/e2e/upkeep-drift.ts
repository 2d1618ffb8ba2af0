// Drift of a real host, by hand: one repaired, one accepted and not asked about again until it changes, and the report that asks nobody.
import { until } from './moments.js';
import { must } from './published.js';
import { NAME, run, type Scene } from './upkeep-scene.js';
import { documentOf, tail } from './verdicts.js';

const JAIL = '/etc/fail2ban/jail.d/clincher.local';
const SWAPPINESS = 'sysctl -n vm.swappiness';

/** Two steps: what is in a file, and what is in force. */
const BREAK = `echo '# by hand' >>${JAIL}; sysctl -qw vm.swappiness=77`;

type Gates = { gates: { id: string }[] };

async function waiting({ stage }: Scene): Promise<string[]> {
  const { stdout } = await stage.cli(['show', '@last', '-s', NAME, '--json']);
  try {
    return (JSON.parse(stdout) as Gates).gates.map(({ id }) => id);
  } catch {
    return [];
  }
}

async function decided(scene: Scene, answers: Record<string, string>) {
  // Nobody is at its terminal: it says which questions wait, and leaves.
  await run(scene, 'drift');
  await until(
    'the questions',
    async () => (await waiting(scene)).length === Object.keys(answers).length,
    120_000,
  );
  const asked = (await waiting(scene)).toSorted();
  for (const [gate, answer] of Object.entries(answers))
    await scene.stage.cli(['answer', gate, answer, '-s', NAME]);
  const words = ['follow', '@last', '-s', NAME, '--json', '--timeout', '4m'];
  return { asked, done: await scene.stage.cli(words, { timeoutMs: 260_000 }) };
}

export async function drifts(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  const calm = await run(scene, 'drift');
  proof.check(
    'nothing differs: nobody is asked',
    calm.code === 0 && calm.stdout.includes('nothing else differs'),
    tail(calm),
  );
  await must(host, BREAK);
  const [file, kernel] = ['drift:harden.fail2ban', 'drift:base.sysctl'];
  const { asked, done } = await decided(scene, { [file]: 'accept', [kernel]: 'repair' });
  proof.check('each step that differs is a question', asked.join() === [kernel, file].join(), asked.join());
  proof.check('answered, it ends well', done.code === 0, tail(done));
  proof.check(
    'the one is repaired',
    (await must(host, SWAPPINESS)).trim() !== '77',
    await must(host, SWAPPINESS),
  );
  proof.check('the other stays', (await must(host, `cat ${JAIL}`)).includes('# by hand'));
  const again = await run(scene, 'drift');
  proof.check(
    'what was accepted is not asked about again',
    again.code === 0 && again.stdout.includes('lets it be since'),
    tail(again),
  );
  const report = await stage.cli(['run', 'drift-report', '-s', NAME, '--json'], { timeoutMs: 120_000 });
  const step = (documentOf(report).steps ?? []).find(({ id }) => id === 'harden.fail2ban');
  proof.check(
    'the report says who lets it be',
    JSON.stringify(step).includes('lets it be since'),
    tail(report),
  );
  await must(host, `echo '# once more' >>${JAIL}`);
  const changed = await decided(scene, { [file]: 'repair' });
  proof.check('once it differs otherwise it is asked about', changed.done.code === 0, tail(changed.done));
  proof.check(
    'a repair takes the hand’s edit back',
    !(await must(host, `cat ${JAIL}`)).includes('# by hand'),
  );
}
