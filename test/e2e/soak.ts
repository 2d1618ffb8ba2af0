// soak: the first day of a real host, its waiting skipped: each row asked on the host, the runs in between, the verdict, and a loop that is seen.
import { loadConfig, resolveServer } from '../../src/config/load.js';
import type { RunState } from '../../src/model.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { inSkippedTime } from './skipped-time.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

const NAME = 'first-day';

export async function soak(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host, run } = await provisionedStack(proof, stage, NAME);
    if (run.code !== 0) throw new Error('not provisioned');
    const before = await must(host, `ls ${FOLDER}/monitoring/backups | grep -c Z || true`);
    const { state, hours } = await day(stage);
    for (const { id, verdict, evidence } of state.proof?.checks ?? [])
      proof.check(`${id}: ${verdict}`, verdict === 'pass' || verdict === 'skipped', evidence.join('; '));
    proof.check('it took the hours of a day', hours >= 24 && hours < 30, `${hours.toFixed(1)} h`);
    proof.check(
      'and its state says that all of it held',
      state.outcome.failed === 0 && state.status === 'done',
    );
    const after = await must(host, `ls ${FOLDER}/monitoring/backups | grep -c Z || true`);
    proof.check(
      'the backup of the first hour is there',
      Number(after) === Number(before) + 1,
      `${before} ${after}`,
    );
    await loop(proof, stage, host);
  });
}

const day = (stage: Stage): Promise<{ state: RunState; hours: number }> => {
  const server = resolveServer(loadConfig(stage.config), NAME);
  return inSkippedTime(stage, 'soak', { server, who: 'proof', onFailure: 'abort' });
};

/** A service that ends once an hour looks healthy at every look. */
async function loop(
  proof: Proof,
  stage: Stage,
  host: Awaited<ReturnType<typeof provisionedStack>>['host'],
): Promise<void> {
  // In the second hour, while its backup is made: the time between is no time for the host.
  const killed = must(
    host,
    `b=$(wc -l </var/log/clincher/audit.log); n=0; until [ $(tail -n +$((b+1)) /var/log/clincher/audit.log | grep -c backup) -gt 0 ]; do n=$((n+1)); [ $n -lt 3000 ] || exit 1; sleep 0.1; done; sleep 5; kill -9 $(docker inspect -f '{{.State.Pid}}' openclaw-egress)`,
  );
  const { state } = await day(stage);
  await killed;
  const found = state.proof?.checks.find(({ id }) => id === 'soak.24-restarts');
  proof.check(
    'a service that was started over is found at the end of the day',
    found?.verdict === 'fail',
    found?.evidence.join(),
  );
}
