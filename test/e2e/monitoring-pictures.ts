// Each question of the dashboards asked of the real Prometheus, and what people see of it, in a headless browser.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kumaName } from '../../src/commands/uptime-kuma.js';
import { dashboards, QUESTIONS } from '../../src/monitoring/dashboards.js';
import { containerOf } from '../lab/container.js';
import { docker } from '../lab/docker.js';
import type { Dashboard, Picture, Subject } from '../lab/images/browser/scene.js';
import { ensureStackImages } from '../lab/images/stack.js';
import { asked, MONITOR, type Scene, until, WATCHED } from './monitoring-scene.js';
import { must } from './published.js';

export async function everyQuestion(scene: Scene): Promise<void> {
  for (const [name, questions] of Object.entries(QUESTIONS))
    for (const { title, asks } of questions)
      for (const [expr, legend] of asks) {
        const query = expr.replaceAll('$server', '.*');
        const found = await until(60_000, async () => {
          const values = await asked(scene, query);
          return values.some(Number.isFinite) ? values : undefined;
        });
        const what = `${name}, ${title}${legend === '' ? '' : `, ${legend}`}`;
        scene.proof.check(
          `${what}: ${found?.slice(0, 3).join(', ') ?? 'nothing'}`,
          found !== undefined,
          query,
        );
      }
}

/** Types, as a person would: Uptime Kuma's form listens to what is typed, not to what is set. */
const login = (password: string): string => `(async () => {
  const found = async (at) => { for (let n = 0; n < 200; n += 1) { const it = document.querySelector(at); if (it) return it; await new Promise((go) => setTimeout(go, 100)); } throw new Error(at + ' is not there'); };
  const type = async (at, text) => { const field = await found(at); field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); };
  await type('form input[type=text]', 'admin');
  await type('input[type=password]', ${JSON.stringify(password)});
  (await found('form')).requestSubmit();
  (await found('.monitor-list a.item')).click();
})()`;

async function subjects({ monitor }: Scene): Promise<Subject[]> {
  const password = (await must(monitor, 'cat /opt/monitoring/kuma/password')).trim();
  return [
    ...Object.entries(dashboards()).map(([name, json]) => ({
      ...{ name: `dashboard-${name}`, minutes: 15 },
      dashboard: JSON.parse(json) as Dashboard,
    })),
    {
      ...{ name: 'uptime-kuma', url: 'http://127.0.0.1:3001/dashboard', height: 760 },
      ...{ script: login(password), until: kumaName(WATCHED) },
    },
  ];
}

/** The browser stands where an SSH tunnel would end: on the monitor's own loopback. */
export async function pictures(scene: Scene): Promise<void> {
  const { proof } = scene;
  const { registry, images } = await ensureStackImages((line) => proof.say(line), ['browser']);
  const image = `${registry}/${images.browser.repository}:${images.browser.version}`;
  const words = [
    'run',
    '--rm',
    '-i',
    '--network',
    `container:${containerOf(MONITOR)}`,
    '--tmpfs',
    '/tmp',
    image,
  ];
  const input = JSON.stringify(await subjects(scene));
  const made = JSON.parse(await docker(words, { input, timeoutMs: 240_000 })) as Picture[];
  for (const picture of made) judge(scene, picture);
  keep(made);
}

function judge({ proof }: Scene, { name, png, panels }: Picture): void {
  const kilobytes = Math.round((png.length * 3) / 4 / 1024);
  // Beyond its title: words or lines.
  const empty = panels.filter(({ title, shows }) => shows === '' || shows === `0 canvas; ${title}`);
  proof.check(
    `${name}: drawn in a headless browser, ${panels.length} panels, ${kilobytes} kB`,
    kilobytes > 10 && empty.length === 0,
    JSON.stringify(empty),
  );
}

/** `CLINCHER_PICTURES=docs/pictures npm run e2e -- monitoring` puts them where people look. */
function keep(made: readonly Picture[]): void {
  const folder = process.env['CLINCHER_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const { name, png } of made) writeFileSync(join(folder, `${name}.png`), Buffer.from(png, 'base64'));
}

/** Uptime Kuma's own verdict on the gateway, from its figures: 1 is up, 0 is down. */
export async function kumaSays(scene: Scene, wanted: 0 | 1, what: string): Promise<void> {
  const { monitor, proof } = scene;
  const line =
    'printf \'user = "admin:%s"\\n\' "$(cat /opt/monitoring/kuma/password)" | curl -s -K - http://127.0.0.1:3001/metrics | grep "^monitor_status" || true';
  let said = '';
  const found = await until(240_000, async () => {
    said = (await monitor.exec(line)).stdout;
    return said
      .split('\n')
      .some((each) => each.includes(kumaName(WATCHED)) && each.trim().endsWith(` ${wanted}`))
      ? true
      : undefined;
  });
  proof.check(`Uptime Kuma: ${what}`, found === true, said);
  await sleep(1_000);
}
