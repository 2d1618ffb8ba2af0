// What a registry wants before it answers: `WWW-Authenticate`, read.

export type Challenge = { scheme: 'basic' } | { scheme: 'bearer'; realm: string; query: URLSearchParams };

export function parseChallenge(header: string): Challenge | undefined {
  const scheme = /^\s*(\w+)/.exec(header)?.[1]?.toLowerCase();
  if (scheme === 'basic') return { scheme };
  const { realm, ...rest } = parameters(header);
  if (scheme !== 'bearer' || realm === undefined) return undefined;
  const asked = Object.entries(rest).filter(([name]) => name === 'service' || name === 'scope');
  return { scheme, realm, query: new URLSearchParams(asked) };
}

function parameters(header: string): Record<string, string> {
  const found = header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,"]+))/g);
  return Object.fromEntries([...found].map(([, name = '', quoted, bare = '']) => [name, quoted ?? bare]));
}
