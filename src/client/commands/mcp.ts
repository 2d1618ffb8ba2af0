// `clincher mcp`: an MCP server over stdin and stdout, for an editor or an assistant; or what an editor is told to start it.
import { hasStack, runsServices } from '../../workflows/catalog.js';
import type { Command } from '../deps.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { configOf } from '../servers.js';

export interface McpOptions {
  printConfig?: boolean;
  gateways?: boolean;
}

export const mcp: Command<McpOptions> = async (io, options, deps) => {
  if (options.printConfig) {
    io.out(`${JSON.stringify(editorConfig(io, options), null, 2)}\n`);
    return 0;
  }
  const [{ StdioServerTransport }, { mcpServer }] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/stdio.js'),
    import('../mcp-server.js'),
  ]);
  const server = mcpServer(io, deps, options.config);
  const left = new Promise((resolve) => io.stdin.once('end', resolve));
  await server.connect(new StdioServerTransport(io.stdin as never, io.outStream as never));
  await left;
  await server.close();
  return 0;
};

/**
 * As VS Code reads .vscode/mcp.json. It holds no secret: clincher has its own, and a gateway’s stays in its container. What a
 * gateway offers writes to people and answers requests for permission, so it is there only where somebody asks for it.
 */
function editorConfig(io: Io, options: McpOptions & GlobalOptions): object {
  const { servers, path } = configOf(io, options);
  const start = (verb: string, ...args: string[]): object => ({
    ...{ type: 'stdio', command: 'clincher', args: [verb, '--config', path, ...args] },
  });
  const gateways = Object.values(servers).filter(
    (server) => options.gateways && runsServices(server) && hasStack(server),
  );
  const own = gateways.map(({ name }) => [`openclaw-${name}`, start('exec', name, ...SERVE)]);
  return { servers: { clincher: start('mcp'), ...Object.fromEntries(own) } };
}

/** OpenClaw speaks MCP over stdio alone (2026.9.6). */
const SERVE = ['--stdin', '--in', 'openclaw', '--', 'node', 'openclaw.mjs', 'mcp', 'serve'];
