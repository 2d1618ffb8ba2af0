// What models cost: as LiteLLM's own budgets have it, by day, over a restart; in a terminal, as a document, as a page.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Scene, said, until } from './operator-scene.js';
import { must } from './published.js';

/** LiteLLM knows its price. */
export const PRICED = 'local/priced';

interface UsageDoc {
  servers: {
    totalUsd: number;
    days: string[];
    models: {
      model: string;
      usd: number;
      calls: number;
      inputTokens: number;
      budget?: { spentUsd: number };
    }[];
    byDay: { day: string; model: string; usd: number }[];
  }[];
}

const usageOf = async ({ stage, name }: Scene): Promise<UsageDoc['servers'][number] | undefined> => {
  const { stdout } = await stage.cli(['usage', '-s', name, '--json']);
  return (JSON.parse(stdout || '{}') as Partial<UsageDoc>).servers?.[0];
};

export async function spends(scene: Scene): Promise<void> {
  const { proof, stage, host, name } = scene;
  const before = await usageOf(scene);
  const smoke = await stage.cli(['run', 'smoke', '-s', name, '--yes', '--json'], { timeoutMs: 300_000 });
  proof.check('each model is asked once', smoke.code === 0, said(smoke));
  await new Promise((next) => setTimeout(next, 5_000));
  const after = await usageOf(scene);
  const priced = after?.models.find(({ model }) => model === PRICED);
  const was = before?.models.find(({ model }) => model === PRICED);
  proof.check(
    'usage: what the priced model cost is counted',
    (priced?.usd ?? 0) > (was?.usd ?? 0) &&
      (priced?.calls ?? 0) > (was?.calls ?? 0) &&
      (priced?.inputTokens ?? 0) > 0,
    JSON.stringify({ was, priced }),
  );
  proof.check(
    'as LiteLLM’s own budget has it',
    Math.abs((priced?.usd ?? 0) - (priced?.budget?.spentUsd ?? 1)) < 1e-9,
    JSON.stringify(priced),
  );
  proof.check(
    'by day, in UTC; the proof of budgets is no model',
    after?.byDay.every(
      ({ day, model }) => day === new Date().toISOString().slice(0, 10) && !model.includes('proof'),
    ) === true,
    JSON.stringify(after?.byDay),
  );
  proof.figure('what the priced model cost', `$${priced?.usd} for ${priced?.calls} calls`);
  await must(host, 'docker restart openclaw-litellm openclaw-redis');
  let kept = await usageOf(scene);
  await until(async () => {
    kept = await usageOf(scene);
    return kept !== undefined;
  }, 120_000);
  proof.check(
    'a restart of LiteLLM and Redis forgets nothing',
    kept?.totalUsd === after?.totalUsd,
    JSON.stringify(kept),
  );
  const page = join(stage.folder, 'usage.html');
  const shown = await stage.cli(['usage', '-s', name, '--days', '7', '--html', page]);
  proof.check(
    'a chart in the terminal',
    /█/.test(shown.stdout) && shown.stdout.includes(PRICED),
    said(shown),
  );
  const html = existsSync(page) ? readFileSync(page, 'utf8') : '';
  proof.check(
    'and a page for its owner alone',
    html.includes('<rect') &&
      html.includes(PRICED) &&
      !/<script|http:/.test(html) &&
      (statSync(page).mode & 0o777) === 0o600,
    html.slice(0, 500),
  );
}
