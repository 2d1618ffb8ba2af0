import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STEPS } from '../src/steps/index.js';

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const text = (file: string): string => readFileSync(join(src, file), 'utf8');

interface Import {
  from: string;
  /** `import type …`: leaves no trace at run time. */
  typeOnly: boolean;
}

/** Static and dynamic imports; relative ones as paths below src. */
function importsOf(file: string): Import[] {
  const found = text(file).matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"();]*?from\s+'([^']+)'|import\('([^']+)'\)|^import\s+'([^']+)'/gm,
  );
  return [...found].map(([, type, from, dynamic, bare]) => ({
    from: local(file, from ?? dynamic ?? bare ?? ''),
    typeOnly: Boolean(type),
  }));
}

const local = (file: string, from: string): string =>
  from.startsWith('.') ? relative(src, resolve(src, dirname(file), from)).replace(/\.js$/, '.ts') : from;

const below = (folder: string): string[] => files.filter((file) => file.startsWith(`${folder}/`));
const reaches = (file: string, allowed: RegExp): string[] =>
  importsOf(file)
    .filter(({ from, typeOnly }) => !typeOnly && !allowed.test(from))
    .map(({ from }) => `${file} → ${from}`);

describe('imports go one way', () => {
  it('finds imports at all, or nothing below would mean anything', () => {
    expect(importsOf('activities/ssh.ts').map(({ from }) => from)).toContain('node-ssh');
    expect(importsOf('steps/index.ts').length).toBeGreaterThan(10);
  });
  it('the vocabulary imports nothing but itself, as types', () =>
    expect(
      [
        'model.ts',
        'model-audit.ts',
        'model-backup.ts',
        'model-host.ts',
        'model-stack.ts',
        'model-checks.ts',
        'model-gates.ts',
        'model-pairing.ts',
        'model-pins.ts',
        'model-diagnosis.ts',
        'model-drift.ts',
        'model-reboot.ts',
        'model-monitoring.ts',
      ]
        .flatMap(importsOf)
        .filter(({ from, typeOnly }) => !typeOnly || !/^model/.test(from)),
    ).toEqual([]));
  it('commands are pure: model, errors and each other', () =>
    expect(below('commands').flatMap((file) => reaches(file, /^(commands\/|model\.ts|errors\.ts)/))).toEqual(
      [],
    ));
  it('the texts of the stack are pure: a serializer and a hash besides', () =>
    expect(
      below('stack').flatMap((file) => reaches(file, /^(stack\/|model\.ts|errors\.ts|yaml$|node:crypto$)/)),
    ).toEqual([]));
  it('the texts of a monitor are pure, as those of the stack are', () =>
    expect(
      below('monitoring').flatMap((file) => reaches(file, /^(monitoring\/|stack\/|model\.ts|errors\.ts)/)),
    ).toEqual([]));
  it('steps are pure: commands and the texts of the stack besides', () =>
    expect(
      below('steps').flatMap((file) =>
        reaches(file, /^(steps\/|commands\/|stack\/|monitoring\/|model\.ts|errors\.ts)/),
      ),
    ).toEqual([]));
  it('checks are pure, as steps are', () =>
    expect(
      below('checks').flatMap((file) =>
        reaches(file, /^(checks\/|commands\/|stack\/|monitoring\/|model\.ts|errors\.ts)/),
      ),
    ).toEqual([]));
  it('diagnoses are pure, and conclude from checks', () =>
    expect(
      below('diagnoses').flatMap((file) =>
        reaches(file, /^(diagnoses\/|checks\/|commands\/|stack\/|model\.ts|errors\.ts)/),
      ),
    ).toEqual([]));
  it('discoveries are pure, as steps are', () =>
    expect(
      below('discovery').flatMap((file) =>
        reaches(file, /^(discovery\/|steps\/|commands\/|stack\/|model\.ts|errors\.ts)/),
      ),
    ).toEqual([]));
  it('the audit export is pure: a hash and a signature besides', () =>
    expect(below('audit').flatMap((file) => reaches(file, /^(audit\/|model\.ts|node:crypto$)/))).toEqual([]));
  it('the reading of Ansible’s files is pure: the configuration’s own rules, a serializer and a cipher besides', () =>
    expect(
      below('ansible').flatMap((file) =>
        reaches(file, /^(ansible\/|config\/|stack\/|secrets\/|errors\.ts|yaml$|node:crypto$)/),
      ),
    ).toEqual([]));
  it('workflows reach for no I/O, and know activities by type only', () =>
    expect(
      below('workflows').flatMap((file) =>
        reaches(file, /^(workflows\/|model\.ts|errors\.ts|@temporalio\/(workflow|common)$)/),
      ),
    ).toEqual([]));
  it('only the seam knows node-ssh', () =>
    expect(files.filter((file) => importsOf(file).some(({ from }) => from === 'node-ssh'))).toEqual([
      'activities/ssh.ts',
    ]));
  it('the command line goes to servers by one door', () =>
    expect(
      below('client').filter((file) =>
        importsOf(file).some(({ from, typeOnly }) => !typeOnly && from.startsWith('activities/')),
      ),
    ).toEqual(['client/reach.ts']));
  it('activities know nothing of the client or of workflows', () =>
    expect(
      below('activities').flatMap((file) =>
        importsOf(file)
          .filter(({ from }) => /^(client|workflows)\//.test(from))
          .map(({ from }) => `${file} → ${from}`),
      ),
    ).toEqual([]));
  it('registries are asked by the command line, before a run; whoever plans or acts knows digests alone', () => {
    const strangers = files.filter(
      (file) =>
        !/^(client|images|render)\//.test(file) &&
        importsOf(file).some(({ from }) => from.startsWith('images/') && from !== 'images/program.ts'),
    );
    expect(strangers).toEqual([]);
  });
  it('what asks registries knows the configuration and its own files, not the client, the engine or a host', () =>
    expect(
      below('images').flatMap((file) =>
        reaches(
          file,
          /^(images\/|config\/|secrets\/(atomic-file|file-lock)\.ts|stack\/images\.ts|model\.ts|errors\.ts|zod$|yaml$|node:)/,
        ),
      ),
    ).toEqual([]));
  it('what runs in a browser is its own, and what seals and judges secrets in a terminal too', () =>
    expect(
      below('page/browser').flatMap((file) => reaches(file, /^(page\/browser\/|secrets\/(age|shapes)\.ts$)/)),
    ).toEqual([]));
  it('views know no Temporal and do no I/O', () =>
    expect(
      below('client/view').flatMap((file) =>
        reaches(
          file,
          /^(client\/(view\/|[a-z-]+\.ts)|answer-command\.ts|model\.ts|errors\.ts|node:util|zod)/,
        ),
      ),
    ).toEqual([]));
  it('the command line loads Temporal only when it is needed', () => {
    const eager = importsOf('clincher.ts').concat(below('client/commands').flatMap(importsOf));
    expect(eager.filter(({ from, typeOnly }) => !typeOnly && from.startsWith('@temporalio/worker'))).toEqual(
      [],
    );
  });
});

describe('habits', () => {
  it('every file opens with a sentence that says what it is for', () => {
    const silent = files.filter((file) => !/^(#!.*\n)?\/\/ .{15,}/.test(text(file)));
    expect(silent).toEqual([]);
  });
  it('no file grows beyond a look', () => {
    expect(files.filter((file) => text(file).split('\n').length > 350)).toEqual([]);
  });
  it('no task is called as a step is: by its key a run would find the other’s work, and take it for its own', () => {
    const tasks = below('workflows').flatMap((file) =>
      [...text(file).matchAll(/\btask\(\s*(?:'[^']*',\s*)?'([a-z]+\.[a-z.-]+)'/g)].map(([, id]) => id),
    );
    expect(tasks).toContain('backup.copy');
    expect(tasks.length).toBeGreaterThan(8);
    expect(tasks.filter((id) => STEPS.some((step) => step.id === id))).toEqual([]);
  });
  it('update validators are synchronous: an async one would wedge a run for ever', () => {
    const wedged = below('workflows').filter((file) => /validator:\s*async/.test(text(file)));
    expect(wedged).toEqual([]);
  });
  it('every activity proxy waits for a cancelled activity to end', () => {
    const proxies = text('workflows/activities.ts').split('proxyActivities<').slice(1);
    const careless = proxies.filter(
      (proxy) => !/\.\.\.beaten|WAIT_CANCELLATION_COMPLETED/.test(proxy.slice(0, 400)),
    );
    expect(proxies.length).toBeGreaterThan(2);
    expect(careless).toEqual([]);
  });
});
