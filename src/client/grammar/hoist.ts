// Flags may stand before the command too: `clincher -s prod status` is `clincher status -s prod`.
import { GLOBAL } from './flags.js';
import { COMMANDS } from './index.js';

const TAKES_VALUE: ReadonlySet<string> = new Set(
  [...GLOBAL, ...COMMANDS.flatMap((spec) => spec.flags)]
    .filter((flag) => flag.flags.includes('<'))
    .flatMap((flag) => flag.flags.replace(/<.*$/, '').split(/[\s,]+/))
    .filter(Boolean),
);

export function hoist(argv: readonly string[]): string[] {
  let at = 0;
  while (at < argv.length && argv[at]!.startsWith('-') && argv[at] !== '--') {
    at += TAKES_VALUE.has(argv[at]!) ? 2 : 1;
  }
  const leading = argv.slice(0, at);
  const rest = argv.slice(at);
  if (leading.length === 0 || rest.length === 0) return [...argv];
  const end = rest.indexOf('--');
  return end < 0 ? [...rest, ...leading] : [...rest.slice(0, end), ...leading, ...rest.slice(end)];
}
