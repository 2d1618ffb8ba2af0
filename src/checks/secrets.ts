// Checks of where secrets are to be seen. Values are compared on the host; names alone come here.
import { internalSecret } from '../commands/vault.js';
import { secretsNow } from '../commands/visible-secrets.js';
import type { Server } from '../model.js';
import { PLAIN_VARIABLES } from '../stack/env.js';
import { stackFiles } from '../stack/files.js';
import { internal } from '../stack/tokens.js';
import { defineCheck, fail, onHost, pass, rerun, runsGateway, unless } from './define.js';
import { core, exposing, metering } from './facts.js';

const facts = ({ stack }: Server) => ({ secrets: secretsNow(stack.directory, PLAIN_VARIABLES) });

/** Variables that a container is meant to have its secret in: LiteLLM its keys, the tunnel its token. */
const meant = (server: Server): Set<string> =>
  new Set(
    [...core(server), ...exposing(server), ...metering(server)].flatMap(({ container, definition }) =>
      Object.entries((definition['environment'] ?? {}) as Record<string, string>)
        .filter(([, value]) => value.includes('${'))
        .map(([name]) => `${container} ${name}`),
    ),
  );

export const environments = defineCheck({
  id: 'verify.secrets-environment',
  title: 'No container carries a secret in its environment that is not its own',
  why: 'Whoever may look at a container sees its environment, and an agent that is talked into it prints its own.',
  source: 'guide Step 10, pre-launch 6; CIS Docker 5.10',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge({ secrets }, server) {
    const may = meant(server);
    const wrong = secrets.environments.filter(
      ({ container, variable }) => !may.has(`${container} ${variable}`),
    );
    return unless(
      wrong.map(({ container, variable, secret }) => `${container}: ${variable} holds ${secret}`),
      `${secrets.known} secrets looked for; the gateway carries none that it need not`,
      rerun(server, 'stack.compose,stack.services'),
      'then rotate what was seen: clincher secrets set <name>',
    );
  },
});

export const argumentLists = defineCheck({
  id: 'verify.secrets-arguments',
  title: 'No secret stands in an argument list',
  why: 'Arguments are there for every user of the host to read, and land in logs and process accounting.',
  source: 'guide Step 10, pre-launch 6; proc(5)',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge: ({ secrets }, server) =>
    unless(
      secrets.arguments.map(({ where, secret }) => `${where} shows ${secret}`),
      `${secrets.known} secrets looked for in all processes and definitions`,
      rerun(server, 'stack.*'),
      'end the process that shows it, and rotate the secret: clincher secrets set <name>',
    ),
});

export const plaintext = defineCheck({
  id: 'verify.secrets-plaintext',
  title: "No secret stands in openclaw.json or another file of the stack beside the secrets' own",
  why: 'The agent can be asked for files that it may read, and backups and diffs carry them further.',
  source: 'guide Step 5; https://docs.openclaw.ai/gateway/secrets',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge({ secrets }, server) {
    const config = `${server.stack.directory}/data/openclaw.json`;
    const ours = new Set([...stackFiles(server).map(({ path }) => path), config]);
    const copies = [...new Set(secrets.files.map(({ path }) => path))].filter((path) => !ours.has(path));
    return unless(
      secrets.files.map(({ path, secret }) => `${path} holds ${secret}`),
      'configuration files hold references only',
      rerun(server, 'stack.*,openclaw.*'),
      ...copies.map((path) => onHost(server, `sudo rm ${path}`)),
      'rotate what was to be read there: clincher secrets set <name>',
    );
  },
});

const isPrivate = (mode: string): boolean => (Number.parseInt(mode, 8) & 0o077) === 0;

export const files = defineCheck({
  id: 'verify.secrets-files',
  title: 'Files that hold secrets are for their owner alone',
  why: 'Any account on the server, and any container that has the folder, could read the tokens.',
  source: 'guide Steps 3 and 5; CIS Docker 3.x',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge({ secrets }, server) {
    const open = secrets.modes.filter(({ mode }) => !isPrivate(mode));
    const alien = secrets.modes.filter(
      ({ path, owner }) => /\/(secrets\/openclaw|data)(\/|$)/.test(path) && owner !== '1000:1000',
    );
    return unless(
      [
        ...open.map(({ path, mode }) => `${path} has mode ${mode}`),
        ...alien.map(({ path, owner }) => `${path} belongs to ${owner}, should be 1000:1000`),
      ],
      `${secrets.modes.length} files and folders are private`,
      rerun(server, 'stack.directories,stack.env,stack.secrets,openclaw.*'),
    );
  },
});

export const backupKey = defineCheck({
  id: 'verify.backup-key',
  title: 'The vault holds the key that backups are encrypted with',
  why: 'Without it backups cannot be made, and those that exist cannot be read on the day they are needed.',
  source: 'guide Step 10, pre-launch 9',
  vantage: 'vault',
  wanted: runsGateway,
  facts: (server) => ({ isThere: internalSecret(internal(server, 'backup_key')) }),
  judge: ({ isThere }, server) =>
    isThere
      ? pass('backup_key has a value')
      : fail(
          [`secret://${server.name}/backup_key has no value in the vault`],
          `restore the vault from its own copy; or, where no backup was ever made: clincher secrets generate -s ${server.name}`,
        ),
});
