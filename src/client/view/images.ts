// Locked and checked images as lines: what each tag means, what changed, and what is to be done.
import type { ImageState } from '../../images/check-images.js';
import { glyph, type Mark, STEP_MARKS } from './glyphs.js';
import { paint, type View } from './style.js';
import { type Row, table } from './table.js';
import { safe } from './text.js';

/** Enough to compare by eye, as Docker shows it. */
export const short = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);

export interface LockLine {
  image: string;
  action: 'kept' | 'locked' | 'changed';
  digest: string;
  /** Digest before. */
  previous?: string | undefined;
  platforms: readonly string[];
  signature?: string | undefined;
}

const LOCK_MARKS: Readonly<Record<LockLine['action'], Mark>> = {
  kept: STEP_MARKS.ok,
  locked: STEP_MARKS.changed,
  changed: STEP_MARKS.changed,
};

export const lockView = (lines: readonly LockLine[], view: View): string[] =>
  table(
    lines.map((line): Row => {
      const digests = line.previous === undefined ? [line.digest] : [line.previous, line.digest];
      const more = [platformsView(line.platforms), signed(line.signature)].filter(Boolean);
      const arrow = view.ascii ? ' -> ' : ' → ';
      const told = [digests.map(short).join(arrow), ...more].map(safe).join(', ');
      return [`${glyph(view, LOCK_MARKS[line.action])} ${safe(line.image)}`, line.action, told];
    }),
    view,
  );

/** All of them are Linux, or could not run here. */
const platformsView = (platforms: readonly string[]): string =>
  platforms.map((one) => one.replace(/^linux\//, '')).join(' ');

const signed = (signature: string | undefined): string =>
  signature === undefined ? '' : `signature ${signature}`;

export interface CheckLine {
  image: string;
  state: ImageState;
  servers: readonly string[];
  digest?: string | undefined;
  tagDigest?: string | undefined;
  signature?: string | undefined;
  reason?: string | undefined;
}

const BAD = STEP_MARKS.failed;
const CHECK_MARKS: Readonly<Record<ImageState, Mark>> = {
  ok: STEP_MARKS.ok,
  moved: { ...STEP_MARKS.unreachable, style: 'yellow' },
  'not-locked': BAD,
  stale: BAD,
  gone: BAD,
  distrusted: BAD,
  unknown: STEP_MARKS.unknown,
};

export const checkView = (lines: readonly CheckLine[], view: View): string[] =>
  table(
    lines.map(
      (line): Row => [
        `${glyph(view, CHECK_MARKS[line.state])} ${safe(line.image)}`,
        paint(view, CHECK_MARKS[line.state].style, line.state),
        safe(sentence(line)),
      ],
    ),
    view,
  );

function sentence({ state, digest = '', tagDigest, reason, servers, signature }: CheckLine): string {
  const said: Readonly<Record<ImageState, string>> = {
    ok: [short(digest), signed(signature)].filter(Boolean).join(', '),
    moved: `${short(digest)} is what runs; the tag ${tagDigest === undefined ? 'is gone' : `means ${short(tagDigest)} by now`}`,
    'not-locked': `wanted by ${servers.join(', ')}; type \`clincher images lock\``,
    stale: 'clincher.yaml writes another digest than the lock; type `clincher images lock`',
    gone: `the registry has no ${short(digest)} any more; type \`clincher images lock --upgrade\``,
    distrusted: `${short(digest)}, ${signed(signature)}`,
    unknown: reason ?? 'it could not be found out',
  };
  return said[state];
}
