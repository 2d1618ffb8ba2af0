// Inside the browser's container: subjects on stdin, pictures on stdout. It stands in the monitor's network, so that loopback is the monitor's.
import { readFileSync } from 'node:fs';
import type { Answer, Dashboard, Picture, Scene, Subject, Target, Visit } from './scene.js';
import { pause, Tab } from './tab.js';

const PROMETHEUS = 'http://127.0.0.1:9090/api/v1';
const WIDTH = 1280;
const BELOW = 60;

interface Series {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

const numberOf = (text: string): number | null => (Number.isFinite(Number(text)) ? Number(text) : null);

async function asked(target: Target, from: number, to: number): Promise<Answer[]> {
  const query = target.expr.replaceAll('$server', '.*');
  const step = Math.max(15, Math.round((to - from) / 1000 / 200));
  const range = { start: String(from / 1000), end: String(to / 1000), step: String(step) };
  const body = new URLSearchParams({ query, ...(target.range ? range : { time: String(to / 1000) }) });
  const said = await fetch(`${PROMETHEUS}/${target.range ? 'query_range' : 'query'}`, {
    method: 'POST',
    body,
  });
  const { status, data, error } = (await said.json()) as {
    status: string;
    data?: { result: Series[] };
    error?: string;
  };
  if (status !== 'success') throw new Error(`${query}: ${error}`);
  return (data?.result ?? []).map(({ metric, value, values }) => ({
    labels: metric,
    points: (values ?? (value === undefined ? [] : [value])).map(([at, text]) => [at * 1000, numberOf(text)]),
  }));
}

async function filled(dashboard: Dashboard, from: number, to: number): Promise<Dashboard> {
  const panels = dashboard.panels.map(async (panel) => ({
    ...panel,
    targets: await Promise.all(
      panel.targets.map(async (target) => ({ ...target, answers: await asked(target, from, to) })),
    ),
  }));
  return { title: dashboard.title, panels: await Promise.all(panels) };
}

async function drawn(tab: Tab, dashboard: Dashboard, minutes: number): Promise<Omit<Picture, 'name'>> {
  const to = Date.now();
  const from = to - minutes * 60_000;
  const rows = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
  await tab.go('file:///page/index.html', WIDTH, rows * 38 + BELOW);
  const scene: Scene = { dashboard: await filled(dashboard, from, to), width: WIDTH - 32, from, to };
  const panels = await tab.run<Picture['panels']>(`show(${JSON.stringify(scene)})`);
  return { png: await tab.picture(), panels };
}

async function visited(tab: Tab, subject: Visit): Promise<Omit<Picture, 'name'>> {
  await tab.go(subject.url, WIDTH, subject.height);
  await pause(1_500);
  if (subject.script !== undefined) await tab.run(subject.script);
  await tab.until(`document.body.innerText.includes(${JSON.stringify(subject.until)})`);
  await pause(1_500);
  return { png: await tab.picture(), panels: [] };
}

async function main(): Promise<void> {
  const subjects = JSON.parse(readFileSync(0, 'utf8')) as Subject[];
  const tab = await Tab.open();
  const pictures: Picture[] = [];
  for (const subject of subjects) {
    const made =
      'url' in subject ? await visited(tab, subject) : await drawn(tab, subject.dashboard, subject.minutes);
    pictures.push({ name: subject.name, ...made });
  }
  tab.close();
  // The browser's pipes would hold it open.
  process.stdout.write(JSON.stringify(pictures), () => process.exit(0));
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
