// The whole command line on a stage: real parsing and reporting, an invented engine, terminal and clock.

import { expect } from 'vitest';
import type { Deps } from '../../src/client/deps.js';
import type { Io, TestIo } from '../../src/client/io.js';
import { main } from '../../src/client/main.js';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import { LOCK_NAME } from '../../src/config/lock.js';
import { DEFAULTS } from '../config/fixture.js';
import { defaultLock } from '../images/config.js';
import { FakeControl, type Script } from './fake-control.js';
import { FakeReach, type ReachScript } from './fake-reach.js';
import { NOON } from './states.js';
import { type Asked, answers, type Bench, bench } from './world.js';

export const CONFIG = `${DEFAULTS}servers:
  prod:
    address: 203.0.113.7
  spare:
    address: 203.0.113.8
`;
export const ONE_SERVER = `${DEFAULTS}servers:
  prod:
    address: 203.0.113.7
`;

/** A person at a terminal. */
export const AT_TERMINAL: Partial<Io> = { isTTY: true, canPrompt: true };

export interface Stage {
  /** The exit code. */
  run(...argv: string[]): Promise<number>;
  io: TestIo;
  control: FakeControl;
  deps: Deps;
  /** Of every server. */
  reach: FakeReach;
  /** How often the engine was reached for. */
  opened(): number;
  questions: string[];
  bench: Bench;
  advance(ms: number): void;
}

export interface Setting extends Script {
  config?: string;
  /** False: no image has a digest yet. */
  isLocked?: boolean;
  io?: Partial<Io>;
  env?: NodeJS.ProcessEnv;
  answers?: (string | boolean | undefined)[];
  /** How far the clock goes with each pause. */
  pauseMs?: number;
  webUrl?: string;
  reach?: ReachScript;
}

export function stage(setting: Setting = {}): Stage {
  const locked = setting.isLocked === false ? {} : { [LOCK_NAME]: defaultLock() };
  const place = bench({ 'clincher.yaml': setting.config ?? CONFIG, ...locked }, setting.io);
  Object.assign(place.io.env, setting.env);
  const control = new FakeControl(setting);
  const reach = new FakeReach(setting.reach);
  const ask: Asked = answers(...(setting.answers ?? []));
  let now = NOON + 60_000;
  let opened = 0;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      now += setting.pauseMs ?? 0;
      setImmediate(resolve);
    });
  const deps = {
    openSession: async () => {
      opened += 1;
      return { control, webUrl: () => setting.webUrl };
    },
    reach: async () => reach,
    ask,
    now: () => now,
    sleep: pause,
  };
  return {
    run: async (...argv) => {
      const before = place.io.stdout().length;
      const code = await main(argv, { makeIo: () => place.io, deps: async () => deps });
      checkDocuments(place.io.stdout().slice(before));
      return code;
    },
    io: place.io,
    control,
    deps,
    reach,
    opened: () => opened,
    questions: ask.questions,
    bench: place,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Whatever JSON a command prints is of its published schema, and says nothing that the schema does not know. */
function checkDocuments(printed: string): void {
  for (const line of printed.split('\n').filter((one) => one.startsWith('{"schema":"clincher.'))) {
    const document = JSON.parse(line) as { schema: string };
    const name = document.schema.replace(/^clincher\.|\/1$/g, '') as keyof typeof SCHEMAS;
    expect(SCHEMAS[name], document.schema).toBeDefined();
    expect(SCHEMAS[name].parse(document)).toEqual(document);
  }
}
