import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/client/grammar/index.js';
import { mcpServer } from '../../src/client/mcp-server.js';
import { tools } from '../../src/client/mcp-tools.js';
import { projectRoot } from '../../src/temporal/paths.js';
import { CATALOG } from '../../src/workflows/catalog.js';
import { type Setting, stage } from './stage.js';
import { ended } from './states.js';

interface Called {
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  content: { text: string }[];
}

async function asking<T>(
  setting: Setting,
  work: (call: (name: string, given?: object) => Promise<Called>, client: Client) => Promise<T>,
): Promise<T> {
  const s = stage(setting);
  const server = mcpServer(s.io, s.deps, undefined);
  const client = new Client({ name: 'test', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  try {
    return await work(
      async (name, given = {}) =>
        (await client.callTool({ name, arguments: { ...given } })) as unknown as Called,
      client,
    );
  } finally {
    await client.close();
  }
}

describe('what an assistant may do', () => {
  test('only look: no command that changes, asks, or writes', () => {
    const mutating = new Set(CATALOG.filter((book) => book.mutating).map((book) => book.name));
    for (const tool of tools()) {
      expect(mutating.has(tool.name)).toBe(false);
      expect(
        Object.keys(tool.input).filter((flag) =>
          /^(report|html|out|yes|confirm|secret-file|take-over)$/.test(flag),
        ),
      ).toEqual([]);
    }
    const names = tools().map(({ name }) => name);
    for (const verb of [
      'run',
      'answer',
      'retry',
      'skip',
      'abort',
      'exec',
      'ssh',
      'cp',
      'open',
      'adopt',
      'secrets_set',
    ])
      expect(names).not.toContain(verb);
    expect(names).toContain('backups_ls');
  });

  test('each tool’s words parse as the command that they are', () => {
    for (const tool of tools()) {
      const command = COMMANDS.find((spec) => spec.name.replaceAll(' ', '_') === tool.name);
      const given = Object.fromEntries(
        Object.keys(tool.input).map((name) => [name, name === 'server' ? ['prod'] : 'x']),
      );
      expect(tool.argv(given).slice(0, command?.name.split(' ').length).join(' ')).toBe(command?.name);
    }
  });

  test('a value is a value, whatever it begins with', () => {
    const show = tools().find(({ name }) => name === 'show')!;
    expect(show.argv({ run: '--report=x', server: ['--yes'] })).toEqual([
      ...['show', '--json', '--no-input', '--server=--yes', '--', '--report=x'],
    ]);
  });
});

describe('asked by a client', () => {
  test('tools say that they only look, and what they want', () =>
    asking({}, async (_, client) => {
      const { tools: listed } = await client.listTools();
      expect(listed.length).toBe(tools().length);
      expect(listed.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
      expect(listed.find(({ name }) => name === 'show')?.inputSchema).toMatchObject({ required: ['run'] });
    }));

  test('the document of the command, by the same code', () =>
    asking({ states: { '*': [ended] } }, async (call) => {
      const gates = await call('gates');
      expect(gates).toMatchObject({ isError: false, structuredContent: { schema: 'clincher.gates/1' } });
      expect(JSON.parse(gates.content[0]!.text)).toEqual(gates.structuredContent);
      expect(gates.content[1]!.text).toMatch(/^exit 0: /);
    }));

  test('an error keeps its code and the next command', () =>
    asking({}, async (call) => {
      const nobody = await call('status', { server: ['nobody'] });
      expect(nobody.isError).toBe(true);
      expect(nobody.structuredContent).toMatchObject({ error: { code: 'UNKNOWN_SERVER' } });
    }));

  test('documents of one command follow each other; none holds what another has said', () =>
    asking({}, async (call) => {
      const both = await Promise.all([call('runbooks'), call('steps')]);
      expect(both.map(({ structuredContent }) => structuredContent?.['schema'])).toEqual([
        'clincher.runbooks/1',
        'clincher.steps/1',
      ]);
    }));
});

test('--print-config: what VS Code starts, and no secret; what can write to people only where it is asked for', async () => {
  const s = stage();
  expect(await s.run('mcp', '--print-config')).toBe(0);
  expect(JSON.parse(s.io.stdout())).toEqual({
    servers: {
      clincher: {
        type: 'stdio',
        command: 'clincher',
        args: ['mcp', '--config', expect.stringMatching(/clincher\.yaml$/)],
      },
    },
  });
  const other = stage();
  expect(await other.run('mcp', '--print-config', '--gateways')).toBe(0);
  const { servers } = JSON.parse(other.io.stdout()) as { servers: Record<string, { args: string[] }> };
  expect(Object.keys(servers)).toEqual(['clincher', 'openclaw-prod', 'openclaw-spare']);
  expect(servers['openclaw-prod']?.args.slice(3)).toEqual([
    ...['prod', '--stdin', '--in', 'openclaw', '--', 'node', 'openclaw.mjs', 'mcp', 'serve'],
  ]);
});

test('the repository’s own .vscode/mcp.json starts the same, and finds clincher.yaml as the command line does', async () => {
  const { servers } = JSON.parse(readFileSync(join(projectRoot(), '.vscode', 'mcp.json'), 'utf8')) as {
    servers: Record<string, object>;
  };
  expect(servers).toEqual({ clincher: { type: 'stdio', command: 'clincher', args: ['mcp'] } });
});
