// Cross-checks of partitions: networks and bots of their own, and nothing that moves one gateway alone.
import { checkTelegram } from './checks-telegram.js';
import { overlap, parseNetwork } from './network.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

type Named = [name: string, own: NonNullable<NamedServer['partitions']>[string]];

export function checkPartitions(server: NamedServer): Finding[] {
  const all = Object.entries(server.partitions ?? {});
  return [
    ...all.flatMap((each, at) => [
      ...subnet(server, each, all.slice(0, at)),
      ...bot(server, each, all.slice(0, at)),
    ]),
    ...all.flatMap(([name, { channels }]) =>
      checkTelegram({ ...server, channels }).map((each) => ({
        ...each,
        path: ['partitions', name, ...each.path],
      })),
    ),
  ];
}

/** Where no stack runs there is nothing to be a part of. */
export const checkNoPartitions = ({ role, stack, partitions = {} }: NamedServer): Finding[] =>
  Object.keys(partitions).length === 0 || (role !== 'monitor' && stack.enabled)
    ? []
    : [finding('partitions', 'are gateways beside the server’s own, which runs none')];

function subnet({ stack, address }: NamedServer, [name, own]: Named, before: readonly Named[]): Finding[] {
  const mine = parseNetwork(own.proxy_subnet);
  const isIn = (text: string): boolean => {
    const other = parseNetwork(text);
    return mine !== undefined && other !== undefined && overlap(mine, other);
  };
  const others: [string, string][] = [
    ['`stack.proxy_subnet`', stack.proxy_subnet],
    ['the server’s own address', address],
    ...before.map(([other, { proxy_subnet }]): [string, string] => [`that of \`${other}\``, proxy_subnet]),
  ];
  return others
    .filter(([, text]) => isIn(text))
    .map(([what]) =>
      finding(['partitions', name, 'proxy_subnet'], `overlaps ${what}; take another, such as the next /28`),
    );
}

/** One bot is one long poll of one gateway: a second one takes its messages away. */
function bot(server: NamedServer, [name, { channels }]: Named, before: readonly Named[]): Finding[] {
  const { enabled, token } = channels.telegram;
  const others: [string, NamedServer['channels']][] = [
    [`\`${server.name}\` itself`, server.channels],
    ...before.map(([other, own]): [string, NamedServer['channels']] => [`\`${other}\``, own.channels]),
  ];
  return others
    .filter(([, { telegram }]) => enabled && telegram.enabled && telegram.token === token)
    .map(([whose]) =>
      finding(
        ['partitions', name, 'channels', 'telegram', 'token'],
        `is the bot of ${whose}; make another one with @BotFather`,
      ),
    );
}
