// The scene of the proof of monitoring: its hosts, and what Prometheus says of them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../lab/lab.js';
import type { Receivers } from './alert-receivers.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import type { Stage } from './stage.js';

export const WATCHED = 'watched';
export const MONITOR = 'monitor';
export const STRANGER = 'stranger';

export interface Scene {
  proof: Proof;
  stage: Stage;
  watched: LabHost;
  monitor: LabHost;
  stranger: LabHost;
  receivers: Receivers;
}

/** Series of which each must be there, with a value above nothing. */
export const QUERIES: readonly (readonly [what: string, query: string])[] = [
  ['load of the watched host', `node_load1{server="${WATCHED}"}`],
  ['memory of the watched host', `node_memory_MemTotal_bytes{server="${WATCHED}"}`],
  ['memory of Redis', `redis_memory_used_bytes{server="${WATCHED}"}`],
  ['calls that LiteLLM counted', `litellm_deployment_success_responses_total{server="${WATCHED}"}`],
  ['seconds that they took', `litellm_request_total_latency_metric_sum{server="${WATCHED}"}`],
  ['services that are well', `clincher_service_up{server="${WATCHED}",service="openclaw"}`],
  ['budgets', `clincher_model_budget_usd{server="${WATCHED}"}`],
  ['parts that the host could read', `clincher_figures_ok{server="${WATCHED}",part="spend"}`],
  ['runs of clincher', 'clincher_runs_total{outcome="done"}'],
  ['Temporal’s own figures of the worker', 'temporal_workflow_completed_total'],
  ['the gateway by its public name', `probe_success{server="${WATCHED}"}`],
];

export const runMonitoring = ({ stage }: Scene, name: string, ...more: string[]): Promise<CliResult> =>
  stage.cli(['run', 'monitoring', '-s', name, '--yes', '--json', '--on-failure', 'abort', ...more], {
    timeoutMs: 900_000,
  });

async function api<T>({ monitor }: Scene, path: string, query?: string): Promise<T> {
  const words = query === undefined ? '' : ` --data-urlencode "query@-"`;
  const said = await must(
    monitor,
    `curl -sf -G${words} 'http://127.0.0.1:9090/api/v1/${path}'`,
    ...(query === undefined ? [] : [query]),
  );
  return (JSON.parse(said) as { data: T }).data;
}

/** The values that a query has now. */
export async function asked(scene: Scene, query: string): Promise<number[]> {
  const { result } = await api<{ result: { value: [number, string] }[] }>(scene, 'query', query);
  return result.map(({ value }) => Number(value[1]));
}

export interface Target {
  job: string;
  health: string;
  error: string;
}

export async function targets(scene: Scene): Promise<Target[]> {
  const { activeTargets } = await api<{
    activeTargets: { labels: { job: string }; health: string; lastError: string }[];
  }>(scene, 'targets?state=active');
  return activeTargets.map(({ labels, health, lastError }) => ({
    job: labels.job,
    health,
    error: lastError,
  }));
}

export interface Firing {
  name: string;
  labels: Record<string, string>;
}

export async function alerts(scene: Scene): Promise<Firing[]> {
  const found = await api<{ alerts: { labels: Record<string, string>; state: string }[] }>(scene, 'alerts');
  return found.alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels }) => ({ name: labels['alertname'] ?? '', labels }));
}

/** What `look` finds within so many milliseconds; undefined where it finds nothing. */
export async function until<T>(ms: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const end = Date.now() + ms; ; ) {
    const found = await look();
    if (found !== undefined || Date.now() > end) return found;
    await sleep(2_000);
  }
}
