// The environment of what is not ours: no secret that happens to be in the operator's own.
const NAMES = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'] as const;

export function bareEnv(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(NAMES.map((name) => [name, env[name]]).filter(([, value]) => value));
}
