// Checks of the gateway's door: whom it lets in, what nobody may call, and that it reads the configuration that we wrote.
import { type Inside, type Said, sayingOf } from '../commands/inside.js';
import { sh } from '../commands/shell.js';
import type { Fact, Server } from '../model.js';
import { defineCheck, fail, onHost, pass, rerun, runsGateway, unknown, unless } from './define.js';
import { fromInside } from './facts.js';

const facts = (server: Server) => ({ inside: fromInside(server) });

export const ready = defineCheck({
  id: 'verify.gateway-ready',
  title: 'The gateway says that it is ready',
  why: 'A process that listens may still lack its channels or its state.',
  source: 'guide Step 10; https://docs.openclaw.ai/gateway/health',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge({ inside: { gateway } }, server) {
    if (gateway.ready.status === 200) return pass('/readyz answers 200');
    const seen = [`/readyz ${sayingOf(gateway.ready)}`, ...(gateway.ready.text ? [gateway.ready.text] : [])];
    return fail(seen, onHost(server, 'docker logs --tail 50 openclaw'), rerun(server, 'stack.services'));
  },
});

/** 429: it has had enough of wrong tokens, which is a refusal too. */
const isRefusal = ({ status }: Said): boolean => status === 401 || status === 403 || status === 429;

const hasAnswered = ({ anonymous, badToken, goodToken }: Inside['gateway']): boolean =>
  [anonymous, badToken, goodToken].every(({ status }) => status !== undefined);

export const auth = defineCheck({
  id: 'verify.gateway-auth',
  title: 'The gateway refuses callers without its token, and accepts those with it',
  why: 'Whoever can call it without a token is its operator; and a token that is refused locks you out.',
  source: 'guide Step 10, pre-launch 4; https://docs.openclaw.ai/gateway/tools-invoke-http-api',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge({ inside: { gateway } }, server) {
    if (!hasAnswered(gateway)) return unknown(`the gateway ${sayingOf(gateway.anonymous)} to a tool call`);
    const { anonymous, badToken, goodToken } = gateway;
    const wrong = [
      ...(isRefusal(anonymous) ? [] : [`without a token it answers ${anonymous.status}, should be 401`]),
      ...(isRefusal(badToken) ? [] : [`with a wrong token it answers ${badToken.status}, should be 401`]),
      ...(goodToken.status === 200
        ? []
        : [`with its own token it answers ${goodToken.status}, should be 200`]),
    ];
    return unless(
      wrong,
      'tool calls: 401 without a token, 401 with a wrong one, 200 with the right one',
      rerun(server, 'stack.secrets,openclaw.*,stack.services'),
    );
  },
});

export const toolsDenied = defineCheck({
  id: 'verify.tools-denied',
  title: 'Tools that run commands or change things cannot be called by HTTP',
  why: 'A token that leaks would then be a shell, and not only a conversation.',
  source: 'guide Step 10, pre-launch 8; https://docs.openclaw.ai/gateway/tools-invoke-http-api',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge({ inside: { gateway } }, server) {
    if (gateway.goodToken.status !== 200)
      return unknown(
        `the gateway ${sayingOf(gateway.goodToken)} with its own token, so that no denial means anything`,
      );
    const silent = Object.entries(gateway.tools).filter(([, { status }]) => status === undefined);
    const open = Object.entries(gateway.tools).filter(([, { status = 404 }]) => status !== 404);
    if (open.length === 0 && silent.length > 0)
      return unknown(silent.map(([tool, said]) => `${tool}: the gateway ${sayingOf(said)}`).join('; '));
    return unless(
      open.map(([tool, said]) => `${tool}: the gateway ${sayingOf(said)}, should be 404`),
      `${Object.keys(gateway.tools).length} denied tools answer 404 to the right token`,
      rerun(server, 'openclaw.*'),
    );
  },
});

interface OnDisk {
  inode: number;
  sha256: string;
}

const onDisk = ({ stack }: Server): Fact<OnDisk> => ({
  read: sh('stat -c %i -- "$1" && sha256sum <"$1"', `${stack.directory}/data/openclaw.json`),
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim());
    const [inode = '', sum = ''] = stdout.trim().split('\n');
    return { inode: Number(inode), sha256: sum.split(' ')[0] ?? '' };
  },
});

export const state = defineCheck({
  id: 'verify.state',
  title: 'The gateway keeps its state in the folder that is backed up',
  why: 'What is written elsewhere in the container is gone when it is made anew: configuration, memory, paired devices.',
  source: 'guide Step 3; https://docs.openclaw.ai/install/docker',
  vantage: 'host',
  wanted: runsGateway,
  facts: (server) => ({ ...facts(server), onDisk: onDisk(server) }),
  judge({ inside: { config }, onDisk: file }, server) {
    const remedy = rerun(server, 'stack.directories,stack.compose,stack.services');
    if ('error' in config)
      return fail([`the gateway cannot read its openclaw.json: ${config.error}`], remedy);
    const isSame = config.inode === file.inode && config.sha256 === file.sha256;
    return unless(
      [
        ...(isSame
          ? []
          : [`the gateway reads another openclaw.json than ${server.stack.directory}/data holds`]),
        ...(config.isWritable ? [] : ['the gateway cannot write to its state folder']),
      ],
      'the gateway reads and writes the very files of the host',
      remedy,
    );
  },
});
