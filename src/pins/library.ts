// The worker's store of pinned contents: fetched once by commit, verified to be that commit, the same for ever after.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ClincherError } from '../errors.js';
import type { KindedPin, Library, PinnedContent, PinnedFile } from '../model.js';
import { contentHash, pinKey, shortPin } from '../stack/pins.js';
import { blob, entriesAt, fetchCommit, type GitPlace, kindOf } from './git.js';
import { isText, ownPath, problemsIn } from './judge-tree.js';

export interface PinStore {
  /** Throws PIN_INVALID, SOURCE_UNREACHABLE or TOOL_UNUSABLE. */
  content(pin: KindedPin): Promise<PinnedContent>;
}

interface Options {
  /** Where the repositories are kept. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Tests fetch from files. */
  protocols?: string;
}

export function pinStore({ folder, env, protocols = 'https' }: Options): PinStore {
  const under = (source: string): GitPlace => {
    const name = createHash('sha256').update(source).digest('hex').slice(0, 16);
    return { folder: join(folder, `${name}.git`), protocols, env };
  };
  const fetches = new Map<string, Promise<void>>();
  // Two pins of one repository: git's own locks would fail the second.
  const inTurn = (place: GitPlace, work: () => Promise<void>): Promise<void> => {
    const next = (fetches.get(place.folder) ?? Promise.resolve()).catch(() => {}).then(work);
    fetches.set(place.folder, next);
    return next;
  };
  return {
    async content(pin) {
      const place = under(pin.source);
      await inTurn(place, () => present(place, pin));
      return contentOf(place, pin);
    },
  };
}

const invalid = (pin: KindedPin, problem: string, evidence: readonly string[] = []): ClincherError =>
  new ClincherError('PIN_INVALID', `${pin.kind} ${shortPin(pin)} of ${pin.source}: ${problem}`, { evidence });

async function present(place: GitPlace, pin: KindedPin): Promise<void> {
  const said = (await kindOf(place, pin.commit)) ? '' : await fetchCommit(place, pin.source, pin.commit);
  const kind = await kindOf(place, pin.commit);
  if (kind === 'commit') return;
  if (kind !== undefined) throw invalid(pin, `that is a ${kind}, not a commit`);
  if (said === '' || isRefusal(said)) throw invalid(pin, 'the repository has no such commit');
  throw new ClincherError('SOURCE_UNREACHABLE', `${pin.source} cannot be fetched: ${said}`);
}

/** The server answered, and does not have it. */
const isRefusal = (said: string): boolean =>
  /not our ref|couldn't find remote ref|unadvertised object/i.test(said);

async function contentOf(place: GitPlace, pin: KindedPin): Promise<PinnedContent> {
  const entries = await entriesAt(place, pin.commit, pin.path);
  const problems = problemsIn(pin, entries);
  if (problems.length > 0) throw invalid(pin, problems[0] ?? '', problems.slice(1));
  const files: PinnedFile[] = [];
  for (const { id, mode, path } of entries) {
    const content = await blob(place, id);
    if (!isText(content)) throw invalid(pin, `${path} is no text, so nobody can read it`);
    files.push({ path: ownPath(pin, path), content, isExecutable: mode === '100755' });
  }
  const misnamed = namedOtherwise(pin, files);
  if (misnamed !== undefined) throw invalid(pin, `its SKILL.md calls it ${JSON.stringify(misnamed)}`);
  return { files, sha256: contentHash(files) };
}

/** OpenClaw knows a skill by the name in its own text: another one here would be another skill there. */
function namedOtherwise({ kind, name }: KindedPin, files: readonly PinnedFile[]): string | undefined {
  if (kind !== 'skill') return undefined;
  const text = files.find(({ path }) => path === 'SKILL.md')?.content ?? '';
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  const own = /^name:[ \t]*["']?([^"'\r\n]*?)["']?[ \t]*$/m.exec(head)?.[1] ?? '';
  return own === name ? undefined : own.slice(0, 60);
}

/** What is to be had of some pins; what is not has its reason in place of the content. */
export async function libraryOf(store: PinStore, pins: readonly KindedPin[]): Promise<Library> {
  const all = await Promise.all(
    pins.map(async (pin) => {
      const content = await store
        .content(pin)
        .catch((error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }));
      return [pinKey(pin), content] as const;
    }),
  );
  return Object.fromEntries(all);
}
