// The dashboards, as Grafana's JSON: what an operator asks, one panel a question.
import { BUDGET_PROOF } from '../stack/litellm.js';
import { DATASOURCE } from './grafana.js';

type Unit = 'currencyUSD' | 's' | 'percent' | 'percentunit' | 'bytes' | 'short' | 'reqps' | 'dtdurations';

export interface Question {
  title: string;
  type: 'timeseries' | 'stat' | 'bargauge';
  unit: Unit;
  /** Query and legend, each. */
  asks: readonly (readonly [expr: string, legend: string])[];
  width: number;
  max?: number;
  /** From here on it is shown in red. */
  bad?: number;
  /** Words in place of 0 and 1. */
  words?: readonly [no: string, yes: string];
}

const S = '{server=~"$server"}';
const of = (more: string): string => `{server=~"$server",${more}}`;
/** As in rules.ts: what `verify` asks to see a budget refuse costs nothing, and is no failure. */
const ASKED = of(`requested_model!~"|${BUDGET_PROOF}"`);
const PAID = of(`model!="${BUDGET_PROOF}"`);
/** `increase` does not count the event with which a series begins: it has no value before it. */
const TODAY =
  'increase(clincher_runs_total[1d]) + (min_over_time(clincher_runs_total[1d]) unless clincher_runs_total offset 1d)';
const FILES = of('fstype!~"tmpfs|overlay"');

const OPENCLAW: readonly Question[] = [
  {
    ...{ title: 'Services that are not well', type: 'stat', unit: 'short', width: 4, bad: 1 },
    asks: [[`count(clincher_service_up${S} == 0) or vector(0)`, '']],
  },
  {
    ...{ title: 'Spent of the budget', type: 'bargauge', unit: 'percentunit', width: 5, max: 1, bad: 0.8 },
    asks: [[`clincher_model_spend_usd${S} / on(server, model) clincher_model_budget_usd${S}`, '{{model}}']],
  },
  {
    ...{ title: 'Newest backup', type: 'stat', unit: 'dtdurations', width: 5, bad: 93_600 },
    asks: [[`time() - clincher_backup_newest_timestamp_seconds${S}`, '{{server}}']],
  },
  {
    ...{
      title: 'Newest verified backup',
      type: 'stat',
      unit: 'dtdurations',
      width: 5,
      bad: 777_600,
    },
    asks: [[`time() - clincher_backup_verified_timestamp_seconds${S}`, '{{server}}']],
  },
  {
    ...{ title: 'Alerts', type: 'stat', unit: 'short', width: 5, bad: 1 },
    asks: [['count(ALERTS{alertstate="firing"}) or vector(0)', '']],
  },
  {
    ...{ title: 'Spent, by model', type: 'timeseries', unit: 'currencyUSD', width: 12 },
    asks: [[`clincher_model_spend_usd${S}`, '{{model}}']],
  },
  {
    ...{ title: 'Spending, an hour', type: 'timeseries', unit: 'currencyUSD', width: 12 },
    asks: [[`sum by (server, model) (rate(litellm_spend_metric_total${PAID}[1h])) * 3600`, '{{model}}']],
  },
  {
    ...{ title: 'How long answers take', type: 'timeseries', unit: 's', width: 12 },
    asks: [
      [
        `histogram_quantile(0.95, sum by (le) (rate(litellm_request_total_latency_metric_bucket${S}[5m])))`,
        'p95',
      ],
      [
        `histogram_quantile(0.5, sum by (le) (rate(litellm_request_total_latency_metric_bucket${S}[5m])))`,
        'p50',
      ],
    ],
  },
  {
    ...{ title: 'Calls to models', type: 'timeseries', unit: 'reqps', width: 12 },
    asks: [
      [
        `sum by (requested_model) (rate(litellm_deployment_success_responses_total${ASKED}[5m]))`,
        '{{requested_model}}',
      ],
      [`sum by (server) (rate(litellm_deployment_failure_responses_total${ASKED}[5m]))`, 'failed'],
    ],
  },
  {
    ...{ title: 'Answers from the cache', type: 'timeseries', unit: 'percentunit', width: 8 },
    asks: [
      [
        // LiteLLM has no series of hits before the first one, counts few of the misses, and its successes have the hits in them.
        `(sum(rate(litellm_cache_hits_metric_total${S}[15m])) or vector(0)) / sum(rate(litellm_deployment_success_responses_total${ASKED}[15m]))`,
        'hits',
      ],
    ],
  },
  {
    ...{ title: 'Memory of the cache', type: 'timeseries', unit: 'bytes', width: 8 },
    asks: [
      [`redis_memory_used_bytes${S}`, 'used'],
      [`redis_memory_max_bytes${S}`, 'may use'],
    ],
  },
  {
    ...{ title: 'Starts over', type: 'timeseries', unit: 'short', width: 8 },
    asks: [[`clincher_service_restarts${S}`, '{{service}}']],
  },
];

const HOSTS: readonly Question[] = [
  {
    ...{ title: 'What is read', type: 'stat', unit: 'short', width: 18, words: ['not read', 'read'] },
    asks: [[`up${S}`, '{{figures}} of {{server}}']],
  },
  {
    ...{ title: 'A reboot is due', type: 'stat', unit: 'short', width: 6, words: ['no', 'yes'], bad: 1 },
    asks: [[`clincher_reboot_required${S}`, '{{server}}']],
  },
  {
    ...{ title: 'Disk', type: 'timeseries', unit: 'percentunit', width: 12, max: 1 },
    asks: [
      [
        `1 - node_filesystem_avail_bytes${FILES} / node_filesystem_size_bytes${FILES}`,
        '{{server}} {{mountpoint}}',
      ],
    ],
  },
  {
    ...{ title: 'Memory', type: 'timeseries', unit: 'percentunit', width: 12, max: 1 },
    asks: [[`1 - node_memory_MemAvailable_bytes${S} / node_memory_MemTotal_bytes${S}`, '{{server}}']],
  },
  {
    ...{ title: 'Processors', type: 'timeseries', unit: 'percentunit', width: 12, max: 1 },
    asks: [[`1 - avg by (server) (rate(node_cpu_seconds_total${of('mode="idle"')}[2m]))`, '{{server}}']],
  },
  {
    ...{ title: 'Load', type: 'timeseries', unit: 'short', width: 12 },
    asks: [[`node_load1${S}`, '{{server}}']],
  },
];

const RUNS: readonly Question[] = [
  {
    ...{ title: 'Runs of today', type: 'stat', unit: 'short', width: 8 },
    asks: [[`round(sum by (outcome) (${TODAY}))`, '{{outcome}}']],
  },
  {
    ...{ title: 'Runs that wait for a person', type: 'stat', unit: 'short', width: 8, bad: 1 },
    asks: [['clincher_gates_open', '']],
  },
  {
    ...{ title: 'Scheduled runs began late by', type: 'stat', unit: 's', width: 8, bad: 900 },
    asks: [['max by (runbook) (clincher_schedule_lag_seconds)', '{{runbook}}']],
  },
  {
    ...{ title: 'Runs, by runbook', type: 'timeseries', unit: 'short', width: 12 },
    asks: [['sum by (runbook, outcome) (clincher_runs_total)', '{{runbook}} {{outcome}}']],
  },
  {
    ...{ title: 'How long runs take', type: 'timeseries', unit: 's', width: 12 },
    asks: [['clincher_run_seconds', '{{runbook}}']],
  },
];

const isFlat = ({ type }: Question): boolean => type !== 'timeseries';
const heightOf = (question: Question): number => (isFlat(question) ? 5 : 8);

/** Beside a single number there is no name: the title is one. */
const optionsOf = ({ type, asks }: Question): object => {
  if (type === 'timeseries')
    return { legend: { displayMode: 'list', placement: 'bottom', showLegend: true } };
  const one = { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, orientation: 'auto' };
  return type === 'bargauge'
    ? {
        ...one,
        displayMode: 'basic',
        orientation: 'horizontal',
        namePlacement: 'top',
        valueMode: 'color',
        showUnfilled: true,
      }
    : {
        ...{ ...one, colorMode: 'value', graphMode: 'none', justifyMode: 'auto', wideLayout: false },
        textMode: asks[0]?.[1] === '' ? 'value' : 'value_and_name',
      };
};

/** 1 is well, and 0 red; the other way round where a question says that 1 is bad. */
const mappingsOf = ({ words, bad }: Question): object[] =>
  words === undefined
    ? []
    : [
        {
          type: 'value',
          options: {
            0: { text: words[0], color: bad === undefined ? 'red' : 'green', index: 0 },
            1: { text: words[1], color: bad === undefined ? 'green' : 'red', index: 1 },
          },
        },
      ];

const fieldsOf = (question: Question): object => ({
  defaults: {
    ...{ unit: question.unit, min: 0, ...(question.max === undefined ? {} : { max: question.max }) },
    color: { mode: isFlat(question) ? 'thresholds' : 'palette-classic' },
    mappings: mappingsOf(question),
    thresholds: {
      mode: 'absolute',
      steps: [
        { color: 'green', value: null },
        ...(question.bad === undefined ? [] : [{ color: 'red', value: question.bad }]),
      ],
    },
  },
  overrides: [],
});

const panel = (question: Question, id: number, x: number, y: number): object => ({
  id,
  title: question.title,
  type: question.type,
  datasource: { type: 'prometheus', uid: DATASOURCE },
  gridPos: { x, y, w: question.width, h: heightOf(question) },
  targets: question.asks.map(([expr, legend], at) => ({
    refId: String.fromCharCode(65 + at),
    datasource: { type: 'prometheus', uid: DATASOURCE },
    expr,
    legendFormat: legend === '' ? '__auto' : legend,
    ...(isFlat(question) ? { instant: true, range: false } : { range: true }),
  })),
  fieldConfig: fieldsOf(question),
  options: optionsOf(question),
});

/** Left to right, and on as on a page. */
function placed(questions: readonly Question[]): object[] {
  let [x, y, below] = [0, 0, 0];
  return questions.map((question, at) => {
    if (x + question.width > 24) [x, y] = [0, below];
    const here = panel(question, at + 1, x, y);
    x += question.width;
    below = Math.max(below, y + heightOf(question));
    return here;
  });
}

const serverVariable = {
  ...{ name: 'server', label: 'Server', type: 'query', multi: true, includeAll: true, refresh: 2 },
  datasource: { type: 'prometheus', uid: DATASOURCE },
  query: { query: 'label_values(up, server)', refId: 'servers' },
  current: { text: ['All'], value: ['$__all'] },
};

const dashboard = (uid: string, title: string, questions: readonly Question[]): string =>
  `${JSON.stringify(
    {
      ...{ uid, title, tags: ['clincher'], schemaVersion: 39, version: 1, editable: false, refresh: '30s' },
      time: { from: 'now-6h', to: 'now' },
      templating: { list: [serverVariable] },
      panels: placed(questions),
    },
    null,
    2,
  )}\n`;

export const QUESTIONS: Readonly<Record<string, readonly Question[]>> = {
  openclaw: OPENCLAW,
  hosts: HOSTS,
  runs: RUNS,
};

const TITLES: Readonly<Record<string, string>> = {
  openclaw: 'OpenClaw',
  hosts: 'Hosts',
  runs: 'Runs of clincher',
};

/** By file name, without `.json`. */
export const dashboards = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(QUESTIONS).map(([uid, list]) => [
      uid,
      dashboard(`clincher-${uid}`, TITLES[uid] ?? uid, list),
    ]),
  );
