// The commands that only look, as an MCP server: each tool runs its command in this process and answers its document.
import { Readable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { EXIT_CODES } from '../errors.js';
import type { Deps } from './deps.js';
import { type Io, testIo } from './io.js';
import { main } from './main.js';
import { type Tool, tools } from './mcp-tools.js';
import { version } from './version.js';

const INSTRUCTIONS = `Read-only: servers that clincher runs, as its own commands tell of them. Nothing here changes a server or
answers a gate; tell the person which command to type instead (each error and each gate names it). Begin with status. A verdict
"unknown" is neither good nor bad. Times are UTC.`;

export function mcpServer(io: Io, deps: Deps, config: string | undefined): McpServer {
  const server = new McpServer({ name: 'clincher', version: version() }, { instructions: INSTRUCTIONS });
  for (const tool of tools())
    server.registerTool(
      tool.name,
      {
        description: tool.description,
        inputSchema: tool.input,
        annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
      },
      (given: Record<string, unknown>) => answered(io, deps, tool, given, config),
    );
  return server;
}

/** A command that ended with 3 has found drift: that is an answer, no error. */
async function answered(
  { env, cwd }: Io,
  deps: Deps,
  tool: Tool,
  given: Record<string, unknown>,
  config: string | undefined,
): Promise<CallToolResult> {
  const own = testIo({ env, cwd, stdin: Readable.from([]) });
  const words = [...(config === undefined ? [] : [`--config=${config}`]), ...tool.argv(given)];
  const code = await main(words, { makeIo: () => own, deps: async () => deps });
  const said = own.stdout().trim();
  const document = parsed(said);
  return {
    content: [
      { type: 'text', text: said || own.stderr().trim() },
      { type: 'text', text: `exit ${code}: ${EXIT_CODES[code] ?? 'failed'}` },
    ],
    ...(document === undefined ? {} : { structuredContent: document }),
    isError: document === undefined || document['schema'] === 'clincher.error/1',
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
