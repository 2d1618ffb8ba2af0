// One thing broken on a verified host: what a sabotage is, and how each kind is done.
import { parse, stringify } from 'yaml';
import type { LabHost } from '../lab/lab.js';

export const FOLDER = '/opt/openclaw';

// biome-ignore lint/suspicious/noExplicitAny: a sabotage reaches into files of other programs
export type Tree = any;

export interface Sabotage {
  /** What was done, as one would say it afterwards. */
  name: string;
  /** A file of the stack, read, changed and written by hand. */
  file?: { path: string; change: (content: Tree) => void };
  /** Then, as root, in the stack's folder. */
  run?: string;
  /** Checks that must fail. */
  fails?: string[];
  /** Steps that must differ. Nothing else may differ or fail. */
  differs?: string[];
  /** Checks that look through what was broken, and so may see nothing. */
  blinds?: string[];
  /** What no state describes is put right by hand: the check's remedy says how. */
  undo?: string;
}

export async function commit(host: LabHost, { file, run }: Sabotage): Promise<void> {
  if (file) await edit(host, file);
  if (run) await must(host, run);
}

export const undo = async (host: LabHost, sabotage: Sabotage): Promise<void> => {
  if (sabotage.undo) await must(host, sabotage.undo);
};

async function must(host: LabHost, line: string, input?: string): Promise<string> {
  const given = input === undefined ? {} : { input };
  const { code, stdout, stderr } = await host.exec(`cd ${FOLDER} && ${line}`, {
    timeoutMs: 240_000,
    ...given,
  });
  if (code !== 0) throw new Error(`${line.slice(0, 200)}: exit ${code}\n${stderr.slice(-500)}`);
  return stdout;
}

/** Written into the very file, as an editor does: its owner, its mode and its inode stay. */
async function edit(host: LabHost, { path, change }: NonNullable<Sabotage['file']>): Promise<void> {
  const text = await must(host, `cat ${path}`);
  const isJson = path.endsWith('.json');
  const content: Tree = isJson ? JSON.parse(text) : parse(text);
  change(content);
  await must(host, `cat >${path}`, isJson ? JSON.stringify(content, null, 2) : stringify(content));
}

/** A compose file changed, and taken up. */
export const compose = (change: (services: Tree, file: Tree) => void, ...recreate: string[]) => ({
  file: { path: 'docker-compose.yml', change: (file: Tree) => change(file.services, file) },
  run: `docker compose up -d --wait ${recreate.length > 0 ? `--no-deps ${recreate.join(' ')}` : ''} >/dev/null 2>&1`,
});

/** LiteLLM's configuration changed, and taken up. */
export const litellm = (change: (config: Tree) => void) => ({
  file: { path: 'config/litellm-config.yaml', change },
  run: restart('litellm'),
});

/** The egress list changed, and taken up. */
export const egress = (change: (list: Tree) => void) => ({
  file: { path: 'config/smokescreen-acl.yaml', change: (file: Tree) => change(file.default) },
  run: restart('openclaw-egress'),
});

/** OpenClaw's configuration changed, and taken up. */
export const openclaw = (change: (config: Tree) => void) => ({
  file: { path: 'data/openclaw.json', change },
  run: restart('openclaw'),
});

/** And waited for: what is still starting would be a fault of its own. */
export function restart(service: string): string {
  return `docker compose restart ${service} >/dev/null 2>&1 && docker compose up -d --wait --no-deps --no-recreate ${service} >/dev/null 2>&1`;
}
