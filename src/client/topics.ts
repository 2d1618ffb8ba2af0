// Help topics: what is true of every command.
import { EXIT_CODES } from '../errors.js';
import { GLOBAL } from './grammar/flags.js';
import type { View } from './view/style.js';
import { type Row, table } from './view/table.js';

const exitCodes = (view: View): string[] => [
  'How clincher ends. A code never changes its meaning.',
  '',
  ...table(
    Object.entries(EXIT_CODES).map(([code, meaning]) => [code.padStart(5), meaning]),
    view,
  ),
  '',
  'Several servers: the worst of them.',
  '`clincher exec` and `clincher ssh` end as what they ran did, 128 and the signal where one ended it.',
];

const VARIABLES: readonly Row[] = [
  ['CLINCHER_SERVER', 'the server where --server is not given; said on the first line of a change'],
  ['CLINCHER_CONFIG', 'the configuration file'],
  ['CLINCHER_IDENTITY', 'the key file that opens the vault'],
  ['CLINCHER_HOME', 'the state folder: histories, keys, logs (else ~/.local/state/clincher)'],
  ['CLINCHER_CACHE', 'the cache folder: downloaded and built servers (else ~/.cache/clincher)'],
  [
    'TEMPORAL_ADDRESS',
    'a Temporal of your own; also TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, TEMPORAL_TLS_…, TEMPORAL_API_KEY',
  ],
  [
    'CLINCHER_PAGE',
    'where a worker serves the page of open gates, as control_plane.page; also CLINCHER_PAGE_URL',
  ],
  ['SSH_AUTH_SOCK', 'the SSH agent'],
  ['NO_COLOR, FORCE_COLOR', 'no colour, or colour without a terminal'],
  ['CI', 'plain progress, no questions'],
  ['TERM=dumb', 'ASCII only'],
];

const environment = (view: View): string[] => [
  'Variables that clincher reads. A flag wins over a variable.',
  '',
  ...table(
    VARIABLES.map(([name, help]) => [`  ${name}`, help!]),
    view,
  ),
];

const flagRows = (words: readonly string[]): Row[] =>
  GLOBAL.filter((flag) => words.some((word) => flag.flags.includes(`--${word}`))).map((flag) => [
    `  ${flag.flags}`,
    `${flag.help}${flag.choices ? ` (${flag.choices.join(', ')})` : ''}`,
  ]);

const output = (view: View): string[] => [
  'The answer goes to stdout; progress, questions and hints go to stderr.',
  '',
  ...table(
    flagRows(['output', 'json', 'jsonl', 'progress', 'color', 'no-input', 'quiet', 'verbose', 'debug']),
    view,
  ),
  '',
  'JSON: one document with a field `schema`, such as clincher.run/1; fields are added to a',
  'version, never changed. The schemas: clincher docs --schema. With --jsonl, one object a line.',
  'A terminal gets a tree; a pipe, CI or --progress plain gets one line for each transition.',
  'Ctrl-C leaves the view of a run; the run goes on. Ending it is a command: clincher abort.',
];

const connection = (view: View): string[] => [
  'Runs are kept by Temporal. clincher takes, in this order:',
  '',
  '  control_plane.address of clincher.yaml',
  '  TEMPORAL_ADDRESS, or a profile of temporal.toml (mTLS, API key), as the temporal CLI does',
  '  its own, embedded: a real server in the background, in a file of the state folder',
  '',
  'The embedded one starts by itself when it is first needed: clincher up, clincher down.',
  'With a Temporal of your own, run the worker where it may reach your servers: clincher worker.',
  '',
  ...table(flagRows(['config']), view),
];

export const TOPICS: Readonly<Record<string, (view: View) => string[]>> = {
  'exit-codes': exitCodes,
  environment,
  output,
  connection,
};
