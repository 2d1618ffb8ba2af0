// How the server and its web UI are started, for each kind: words and files. Pure.
import {
  DYNAMIC_CONFIG,
  databaseFile,
  dynamicYaml,
  type Layout,
  SQLITE,
  serverYaml,
  uiYaml,
} from './server-config.js';
import type { LocalSource } from './server-source.js';
import { codecUrlOf } from './state.js';

/** A child to run: nothing secret is ever among its words. */
export interface ChildSpec {
  words: string[];
  /** Written before it starts: path and content. */
  files: Record<string, string>;
}

export function serverSpec(source: LocalSource, layout: Layout): ChildSpec {
  return source.kind === 'cli' ? cliSpec(source, layout) : modulesSpec(source, layout);
}

/** The CLI brings its own UI: then there is no second process. */
export function uiSpec(source: LocalSource, { ports, codec, folder }: Layout): ChildSpec | undefined {
  if (source.kind === 'cli') return undefined;
  return {
    words: [source.ui, '--root', folder, '--config', 'ui', '--env', 'clincher', 'start'],
    files: { [`${folder}/ui/clincher.yaml`]: uiYaml({ ports, codec }) },
  };
}

function cliSpec(source: Extract<LocalSource, { kind: 'cli' }>, { folder, ports, codec }: Layout): ChildSpec {
  const flags = {
    ip: '127.0.0.1',
    port: ports.frontend,
    'http-port': ports.frontendHttp,
    'metrics-port': ports.metrics,
    'ui-port': ports.ui,
    'db-filename': databaseFile(folder, source.version),
    'log-format': 'json',
    'log-level': 'warn',
    ...(codec ? { 'ui-codec-endpoint': codecUrlOf(ports) } : {}),
  };
  const words = [source.path, 'server', 'start-dev'];
  for (const [name, value] of Object.entries(flags)) words.push(`--${name}`, String(value));
  for (const [name, value] of Object.entries(SQLITE)) words.push('--sqlite-pragma', `${name}=${value}`);
  for (const [name, value] of Object.entries(DYNAMIC_CONFIG)) {
    words.push('--dynamic-config-value', `${name}=${JSON.stringify(value)}`);
  }
  return { words, files: {} };
}

function modulesSpec(source: Extract<LocalSource, { kind: 'modules' }>, layout: Layout): ChildSpec {
  const [config, dynamic] = [`${layout.folder}/server.yaml`, `${layout.folder}/server-dynamic.yaml`];
  return {
    words: [source.server, '--config-file', config, '--allow-no-auth', 'start'],
    files: { [config]: serverYaml(layout, source.version, dynamic), [dynamic]: dynamicYaml() },
  };
}
