// Folders in which people keep a stack by hand, and what lies there beside its compose file.
import type { Fact } from '../model.js';
import { sh } from './shell.js';

/** That of OpenClaw's own project, then those of the guide and of Caddy's package. */
const FOLDERS = `{ docker ps -a --format '{{.Image}} {{.Label "com.docker.compose.project.working_dir"}}' 2>/dev/null |
  sed -n 's|^[^ ]*openclaw/openclaw[:@][^ ]* ||p'; echo /opt/openclaw; echo /etc/caddy; }`;

const CADDYFILE = `${FOLDERS} | while read -r folder; do [ -f "$folder/Caddyfile" ] && exec cat "$folder/Caddyfile"; done; true`;

/** sed prints what stands before the first `=`: no value leaves the host. */
const NAMES = `${FOLDERS} | while read -r folder; do [ -f "$folder/.env" ] || continue; echo "$folder/.env"; exec sed -n 's/^ *\\(export  *\\)\\{0,1\\}\\([A-Za-z_][A-Za-z_0-9]*\\) *=.*/\\2/p' "$folder/.env"; done; true`;

/** The first of them; empty where there is none. */
export const caddyfile: Fact<string> = { read: sh(CADDYFILE), parse: ({ stdout }) => stdout };

export interface EnvFile {
  path: string;
  /** Of its variables. What they hold is not looked at. */
  names: string[];
}

export const envFile: Fact<EnvFile | null> = {
  read: sh(NAMES),
  parse({ stdout }) {
    const [path, ...names] = stdout.split('\n').filter(Boolean);
    return path === undefined ? null : { path, names };
  },
};
