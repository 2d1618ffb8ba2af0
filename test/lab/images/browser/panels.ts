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
import { BarGauge, BigValue, GlobalStyles, PanelChrome, TimeSeries, VizRepeater } from '@grafana/ui';
import { type Drawn, createElement as h, type Part } from 'react';
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

function frame(panel: Panel, target: Target, answer: Answer, seriesIndex: number): Frame {
  const displayName = named(target, answer);
  const config = { ...panel.fieldConfig.defaults, ...(displayName === '' ? {} : { displayName }) };
  return {
    refId: target.refId,
    length: answer.points.length,
    fields: [
      withDisplay({ name: 'Time', type: 'time', config: {}, values: answer.points.map(([at]) => at) }),
      withDisplay({
        ...{ name: 'Value', type: 'number', labels: answer.labels, config, state: { seriesIndex } },
        values: answer.points.map(([, value]) => value),
      }),
    ],
  };
}

const frames = (panel: Panel): Frame[] =>
  panel.targets
    .flatMap((target) => target.answers.map((answer) => [target, answer] as const))
    .map(([target, answer], at) => frame(panel, target, answer, at));

const shown = (panel: Panel): Shown[] =>
  getFieldDisplayValues({
    ...{ fieldConfig: panel.fieldConfig, data: frames(panel), theme, timeZone },
    reduceOptions: { calcs: ['lastNotNull'], values: false },
    replaceVariables: (text) => text,
  });

interface Place {
  width: number;
  height: number;
}

/** One beside the other, as Grafana repeats a number that there are several of. */
function repeated(panel: Panel, place: Place, part: Part, more: object): Drawn {
  const all = shown(panel);
  return h(VizRepeater, {
    ...{ ...place, orientation: panel.options['orientation'], source: panel, renderCounter: 0 },
    ...{ autoGrid: panel.options['orientation'] === 'auto', itemSpacing: 3 },
    getValues: () => all,
    renderValue: ({ value, width, height }: Place & { value: Shown }) =>
      h(part, {
        ...panel.options,
        ...more,
        theme,
        width,
        height,
        value: value.display,
        count: all.length,
        field: value.field,
      }),
  });
}

const DRAWN: Record<string, (panel: Panel, place: Place, scene: Scene) => Drawn> = {
  timeseries: (panel, place, { from, to }) =>
    h(TimeSeries, {
      ...{
        ...place,
        frames: frames(panel),
        timeZone,
        structureRev: 1,
        legend: { calcs: [], ...Object(panel.options['legend']) },
      },
      timeRange: { from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) } },
    }),
  stat: (panel, place) => repeated(panel, place, BigValue, {}),
  bargauge: (panel, place) => repeated(panel, place, BarGauge, { itemSpacing: 8, lcdCellWidth: 12 }),
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
      : draw(panel, { width: inner, height: tall }, scene);
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
