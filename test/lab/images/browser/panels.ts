// The page that draws a dashboard: its panels by Grafana's own components, with what Prometheus has answered.
// Grafana itself is not here: places, legends and which component draws what are ours, after its documentation.
import {
  createTheme,
  dateTime,
  type Field,
  type Frame,
  getDisplayProcessor,
  getFieldDisplayValues,
  type Shown,
  type Theme,
  ThemeContext,
} from '@grafana/data';
import { BigValue, Gauge, GlobalStyles, PanelChrome, Table, TimeSeries, VizRepeater } from '@grafana/ui';
import { type Drawn, createElement as h } from 'react';
import { createRoot } from 'react-dom/client';
import type { Answer, Panel, Scene, Target } from './scene.js';

const theme: Theme = createTheme({ colors: { mode: 'dark' } });
const timeZone = 'utc';
/** Grafana's: a row of the grid is 30 high, and 8 are between two. */
const ROW = 30;
const GAP = 8;

function named({ legendFormat }: Target, { labels }: Answer): string {
  if (legendFormat !== '__auto')
    return legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => labels[name] ?? '');
  return Object.values(labels).join(' ');
}

const withDisplay = (field: Field): Field => ({
  ...field,
  display: getDisplayProcessor({ field, theme, timeZone }),
});

function frame(panel: Panel, target: Target, answer: Answer): Frame {
  const displayName = named(target, answer);
  const config = { ...panel.fieldConfig.defaults, ...(displayName === '' ? {} : { displayName }) };
  return {
    refId: target.refId,
    length: answer.points.length,
    fields: [
      withDisplay({ name: 'Time', type: 'time', config: {}, values: answer.points.map(([at]) => at) }),
      withDisplay({
        ...{ name: 'Value', type: 'number', labels: answer.labels, config },
        values: answer.points.map(([, value]) => value),
      }),
    ],
  };
}

const frames = (panel: Panel): Frame[] =>
  panel.targets.flatMap((target) => target.answers.map((answer) => frame(panel, target, answer)));

/** As the data source gives a table: time, labels, value. */
function table(panel: Panel): Frame {
  const answers = panel.targets.flatMap((target) => target.answers);
  const names = [...new Set(answers.flatMap(({ labels }) => Object.keys(labels)))].sort();
  const column = (name: string): Field =>
    withDisplay({
      name,
      type: 'string',
      config: {},
      values: answers.map(({ labels }) => labels[name] ?? ''),
    });
  return {
    length: answers.length,
    fields: [
      withDisplay({
        name: 'Time',
        type: 'time',
        config: {},
        values: answers.map(({ points }) => points[0]?.[0] ?? 0),
      }),
      ...names.filter((name) => name !== '__name__').map(column),
      withDisplay({
        ...{ name: 'Value', type: 'number', config: panel.fieldConfig.defaults },
        values: answers.map(({ points }) => points[0]?.[1] ?? null),
      }),
    ],
  };
}

const shown = (panel: Panel): Shown[] =>
  getFieldDisplayValues({
    ...{ fieldConfig: panel.fieldConfig, data: frames(panel), theme, timeZone },
    reduceOptions: { calcs: ['lastNotNull'], values: false },
    replaceVariables: (text) => text,
  });

/** One beside the other, as Grafana repeats a number that there are several of. */
const repeated =
  (part: typeof Gauge, more: object) => (panel: Panel, _: Scene, width: number, height: number) =>
    h(VizRepeater, {
      ...{ width, height, orientation: 'auto', source: panel, renderCounter: 0, autoGrid: true },
      getValues: () => shown(panel),
      renderValue: ({ value, width: w, height: t }: { value: Shown; width: number; height: number }) =>
        h(part, { ...more, theme, width: w, height: t, value: value.display, field: value.field }),
    });

const DRAWN: Record<string, (panel: Panel, scene: Scene, width: number, height: number) => Drawn> = {
  timeseries: (panel, { from, to }, width, height) =>
    h(TimeSeries, {
      ...{ width, height, frames: frames(panel), timeZone, structureRev: 1 },
      timeRange: { from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) } },
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    }),
  stat: repeated(BigValue, { colorMode: 'value', graphMode: 'none', justifyMode: 'auto', textMode: 'auto' }),
  gauge: repeated(Gauge, { showThresholdMarkers: true, showThresholdLabels: false }),
  table: (panel, _, width, height) => h(Table, { width, height, data: table(panel) }),
};

const isEmpty = (panel: Panel): boolean => frames(panel).length === 0;

function panelOf(panel: Panel, scene: Scene): Drawn {
  const { x, y, w, h: rows } = panel.gridPos;
  const cell = (scene.width + GAP) / 24;
  const [width, height] = [w * cell - GAP, rows * (ROW + GAP) - GAP];
  const place = { position: 'absolute', left: x * cell, top: y * (ROW + GAP), width, height };
  const draw = DRAWN[panel.type];
  const inside = (inner: number, tall: number): Drawn =>
    isEmpty(panel) || draw === undefined
      ? h('div', { className: 'no-data' }, 'No data')
      : draw(panel, scene, inner, tall);
  return h(
    'div',
    { key: panel.id, className: 'panel', style: place, 'data-title': panel.title },
    h(PanelChrome, { width, height, title: panel.title, padding: 'md' }, inside),
  );
}

const page = (scene: Scene): Drawn =>
  h(
    ThemeContext.Provider,
    { value: theme },
    h(GlobalStyles, null),
    h('h1', null, scene.dashboard.title),
    h(
      'div',
      { style: { position: 'relative' } },
      ...scene.dashboard.panels.map((panel) => panelOf(panel, scene)),
    ),
  );

/** What each panel shows: the pixels of a canvas, else words. */
function looks(): { title: string; shows: string }[] {
  return [...document.querySelectorAll<HTMLElement>('.panel')].map((panel) => ({
    title: panel.dataset['title'] ?? '',
    shows:
      panel.querySelector('.no-data') !== null
        ? ''
        : `${panel.querySelectorAll('canvas').length} canvas; ${(panel.textContent ?? '').replaceAll(/\s+/g, ' ').slice(0, 200)}`,
  }));
}

async function show(scene: Scene): Promise<{ title: string; shows: string }[]> {
  document.body.style.background = theme.colors.background.canvas;
  createRoot(document.querySelector('#here')!).render(page(scene));
  await new Promise((done) => setTimeout(done, 2_000));
  return looks();
}

Object.assign(window, { show });
