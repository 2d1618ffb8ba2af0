// Cross-checks of who answers: providers that exist and are there, models that are named as they are used.
import type { Model } from '../model.js';
import { providerUses } from '../stack/needs.js';
import { findProvider, PROVIDERS } from '../stack/providers.js';
import { didYouMean } from './nearest.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export function checkModels(server: NamedServer): Finding[] {
  return [
    ...Object.keys(server.providers).flatMap((name) => provider(name, server)),
    ...missingProviders(server),
    ...names(server),
    ...server.models.list.flatMap((_, at) => model(server.models.list, at)),
    ...circles(server.models.list),
  ];
}

const IDS = PROVIDERS.map(({ id }) => id);

function provider(name: string, { providers }: NamedServer): Finding[] {
  const known = findProvider(name);
  if (known === undefined) {
    const sentence = `unknown provider${didYouMean(name, IDS) || `; known are ${IDS.join(', ')}`}`;
    return [{ path: ['providers', name], on: 'key', sentence }];
  }
  const found: Finding[] = [];
  const { api_base, secret_key } = providers[name] ?? {};
  if (known.needsBase && api_base === undefined)
    found.push(
      finding(`providers.${name}.api_base`, `is missing: ${known.title} has no address but your own`),
    );
  if (secret_key !== undefined && known.keys.length < 2)
    found.push(finding(`providers.${name}.secret_key`, `is set, and ${known.title} has only one key`));
  return found;
}

/** Each once: the three default models lack one and the same provider. */
function missingProviders(server: NamedServer): Finding[] {
  const there = Object.keys(server.providers);
  const lacking = providerUses(server).filter(({ provider: name }) => !there.includes(name));
  return lacking
    .filter((use, at) => lacking.findIndex((other) => other.provider === use.provider) === at)
    .map(({ provider: name, path }) => {
      const sentence = `needs the provider \`${name}\`, which is not in \`providers\`${hint(name, path, there)}`;
      return finding(path, sentence, ['providers']);
    });
}

function hint(name: string, path: readonly PropertyKey[], there: readonly string[]): string {
  const guess = didYouMean(name, there);
  if (guess !== '') return guess;
  if (path[0] === 'memory') return '; add it there, or set `memory.enabled: false`';
  return path[0] === 'stack' ? '; add it there, or choose `exact`' : '; add it there';
}

function names({ models }: NamedServer): Finding[] {
  return (['default', 'heartbeat'] as const).flatMap((key) =>
    named(models[key], models.list, ['models', key]),
  );
}

function named(name: string, list: readonly Model[], path: (string | number)[]): Finding[] {
  const known = list.map((each) => each.name);
  if (known.includes(name)) return [];
  const hint = didYouMean(name, known) || `; there: ${known.join(', ')}`;
  return [finding(path, `is no model of \`models.list\`${hint}`, ['models.list'])];
}

function model(list: readonly Model[], at: number): Finding[] {
  const { name, fallbacks, max_tokens, context_window } = list[at] as Model;
  const path = ['models', 'list', at];
  const found = fallbacks.flatMap((fallback, place) => named(fallback, list, [...path, 'fallbacks', place]));
  if (list.findIndex((each) => each.name === name) < at)
    found.push(finding([...path, 'name'], 'is the name of a model above it too'));
  if (max_tokens >= context_window)
    found.push(
      finding(
        [...path, 'max_tokens'],
        `leaves no room for a question: the window is ${context_window} tokens`,
      ),
    );
  return found;
}

/** Each circle is told once, at the first of its models. */
function circles(list: readonly Model[]): Finding[] {
  return list.flatMap(({ name }, at) => {
    const circle = circleFrom(name, list);
    const isFirst = circle?.every((other) => list.findIndex((each) => each.name === other) >= at);
    if (circle === undefined || !isFirst) return [];
    const way =
      circle.length === 1 ? 'is the model itself' : `goes in a circle: ${[...circle, name].join(' → ')}`;
    return [finding(['models', 'list', at, 'fallbacks'], `${way}; a failure would be tried again and again`)];
  });
}

/** The shortest way from a model over its fallbacks back to itself, if there is one. */
function circleFrom(start: string, list: readonly Model[]): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    const next = list.find(({ name }) => name === way.at(-1))?.fallbacks ?? [];
    if (next.includes(start)) return way;
    const fresh = next.filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    ways.push(...fresh.map((name) => [...way, name]));
  }
  return undefined;
}
