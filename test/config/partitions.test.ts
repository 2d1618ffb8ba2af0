// `partitions` of clincher.yaml: what they say by default, what they must not say, and how one is written and taken out.
import { expect, it } from 'vitest';
import { withValue } from '../../src/config/edit.js';
import { secretUses } from '../../src/config/secret-refs.js';
import { load, MINIMAL, told } from './fixture.js';

const team = (more = ''): string =>
  `${MINIMAL}    partitions:\n      team:\n        proxy_subnet: 172.16.253.16/28\n${more}`;
const below = (...lines: string[]): string => lines.map((line) => `        ${line}\n`).join('');

it('one that says its network alone has a bot and secrets of its own', () => {
  const prod = load(team()).servers['prod']!;
  expect(prod.partitions?.['team']).toMatchObject({
    proxy_subnet: '172.16.253.16/28',
    channels: { telegram: { enabled: true, token: 'secret://prod/team_telegram_bot_token' } },
    ...{ rules: [], limits: {} },
  });
  expect(secretUses(prod)).toContainEqual({
    path: 'partitions.team.channels.telegram.token',
    ref: 'secret://prod/team_telegram_bot_token',
  });
});

it('it is known to the Bot API server that the server’s own bot is known to, unless it says another', () => {
  const root = (yaml: string) => load(yaml).servers['prod']?.partitions?.['team']?.channels.telegram.api_root;
  const stack = '    stack:\n      images: { openclaw: { version: 2026.9.6 } }\n';
  const own = `${stack}    channels: { telegram: { api_root: 'https://bots.example.com' } }\n`;
  expect(root(team() + own)).toBe('https://bots.example.com');
  const other = below("channels: { telegram: { api_root: 'https://other.example.com' } }");
  expect(root(team(other) + own)).toBe('https://other.example.com');
});

it('servers hear of each other’s bots, partitions included; a standby’s is its primary’s', () => {
  const two = `${team()}  spare:\n    address: 203.0.113.8\n`;
  const bots = (name: string) => load(two).servers[name]?.bots?.map(({ holder }) => holder);
  expect(bots('spare')).toEqual(['prod', 'prod/team']);
  expect(bots('prod')).toEqual(['spare']);
});

const S = 'servers.prod.partitions';

it.each<[string, string, string]>([
  ['its own network is the server’s', team().replace('253.16', '253.0'), 'overlaps `stack.proxy_subnet`'],
  ['no network', team().replace(/ +proxy_subnet.*\n/, '        rules: []\n'), `${S}.team.proxy_subnet`],
  ['a name with a hyphen', team().replace('team:', 'my-team:'), 'a partition’s name is lower-case letters'],
  ['a name of a container', team().replace('team:', 'redis:'), '`redis` has a meaning of its own'],
  [
    'two with one network',
    team('      lab:\n        proxy_subnet: 172.16.253.16/28\n'),
    `${S}.lab.proxy_subnet: overlaps that of \`team\``,
  ],
  [
    'the server’s own bot',
    team(below('channels: { telegram: { token: secret://prod/telegram_bot_token } }')),
    `${S}.team.channels.telegram.token: is the bot of \`prod\` itself`,
  ],
  [
    'the bot of another partition',
    team(
      [
        '      lab:\n        proxy_subnet: 172.16.253.32/28\n',
        '        channels: { telegram: { token: secret://prod/team_telegram_bot_token } }\n',
      ].join(''),
    ),
    `${S}.lab.channels.telegram.token: is the bot of \`team\``,
  ],
  ['a token in the clear', team(below('channels: { telegram: { token: "1:abc" } }')), 'telegram.token'],
  ['a key that is none', team(below('proxy: {}')), `${S}.team.proxy: unknown key`],
  [
    'a Bot API server that its version cannot be told of',
    team(below("channels: { telegram: { api_root: 'https://bots.example.com' } }")),
    `${S}.team.channels.telegram.api_root: cannot be told to OpenClaw 2026.3.13`,
  ],
  ['no stack to be a part of', `${team()}    stack: { enabled: false }\n`, 'which runs none'],
  [
    'a standby beside them',
    `${team()}    backup: { offsite: { type: s3, bucket: b, endpoint: 'https://s3.example.com' } }
  spare:
    address: 203.0.113.8
    role: standby
    standby_for: prod
`,
    'a failover moves one gateway alone',
  ],
])('%s', (_, text, sentence) => expect(told(text).join('\n')).toContain(sentence));

const PLACE = ['servers', 'prod', 'partitions', 'team'];

it('one is written with its network alone, and taken out with nothing left; remarks stay', () => {
  const before = `${MINIMAL}    # Ours.\n    upgrade: {}\n`;
  const after = withValue(before, [...PLACE, 'proxy_subnet'], '172.16.253.16/28');
  expect(after).toContain('    partitions:\n      team:\n        proxy_subnet: 172.16.253.16/28\n');
  expect(withValue(after, PLACE, undefined)).toBe(before);
});

it('the last of several leaves the others; a map is put back where it was', () => {
  const two = team(
    '      lab:\n        proxy_subnet: 172.16.253.32/28\n        rules:\n          - Be brief.\n',
  );
  const one = withValue(two, [...PLACE.slice(0, -1), 'lab'], undefined);
  expect(one).toBe(team());
  const lab = { proxy_subnet: '172.16.253.32/28', rules: ['Be brief.'] };
  const back = load(withValue(one, [...PLACE.slice(0, -1), 'lab'], lab));
  expect(back.servers['prod']?.partitions).toEqual(load(two).servers['prod']?.partitions);
});
