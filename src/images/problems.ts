// What is wrong with images, all at once: each with the place in clincher.yaml where it was written.
import { readFileSync } from 'node:fs';
import { type Path, parseSource, plainValue, problemAt, type Source } from '../config/document.js';
import { type Config, shownFile } from '../config/load.js';
import { valueAt } from '../config/merge.js';
import { formatProblem, type Problem } from '../config/problem.js';
import { ClincherError } from '../errors.js';
import type { WantedImage } from './wanted.js';

export interface ImageProblem {
  image: WantedImage;
  error: ClincherError;
}

/** The first code stands for all: what a person can mend comes before what only time can. */
const ORDER = ['IMAGE_NOT_FOUND', 'REGISTRY_REFUSED', 'LOCK_STALE', 'REGISTRY_UNREACHABLE'];

export function imagesError(config: Config, cwd: string, problems: readonly ImageProblem[]): ClincherError {
  const file = shownFile(config.path, cwd);
  const source = parseSource(file, readFileSync(config.path, 'utf8'));
  const told = problems.map((problem) => placed(source, problem));
  const codes = problems.map(({ error }) => error.code);
  const code = ORDER.map((each) => codes.find((one) => one === each)).find((one) => one !== undefined);
  const lines = told.map(formatProblem);
  const message = lines.length === 1 ? lines : [`${lines.length} images cannot be pinned:`, ...lines];
  const remedy = [...new Set(problems.flatMap(({ error }) => error.remedy))];
  return new ClincherError(code ?? 'INTERNAL', message.join('\n'), { remedy });
}

function placed(source: Source, { image, error }: ImageProblem): Problem {
  const key = error.code.startsWith('REGISTRY_') ? 'repository' : 'version';
  const { path, isWritten } = whereWritten(plainValue(source), image, key);
  const sentence = error.message.replace(/\.$/, '');
  return problemAt(source, path, 'value', isWritten ? sentence : `${sentence} (a default of clincher)`);
}

/** In the server or in the defaults; a value of neither is clincher's own, and the server the nearest place. */
function whereWritten(raw: unknown, { uses }: WantedImage, key: string): { path: Path; isWritten: boolean } {
  const paths = uses.flatMap(({ server, name }) => {
    const below = ['stack', 'images', name, key];
    return [
      ['servers', server, ...below],
      ['defaults', ...below],
    ];
  });
  const written = paths.find((path) => valueAt(raw, path) !== undefined);
  return { path: written ?? paths[0] ?? [], isWritten: written !== undefined };
}
