// Assistants: clincher's own MCP server, asked by the SDK's client; and what the real gateway speaks of MCP.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type Scene, said } from './operator-scene.js';
import { seconds } from './proof.js';

interface Called {
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  content: { type: string; text?: string }[];
}

async function withClient<T>(
  { stage }: Scene,
  words: readonly string[],
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const [command = '', ...args] = stage.words(words);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NO_COLOR: '1',
    ...stage.env,
  };
  const client = new Client({ name: 'proof', version: '1' });
  await client.connect(new StdioClientTransport({ command, args, env, cwd: stage.folder, stderr: 'pipe' }));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const call = async (client: Client, name: string, given: Record<string, unknown> = {}): Promise<Called> =>
  (await client.callTool({ name, arguments: given }, undefined, { timeout: 180_000 })) as unknown as Called;

export async function assistants(scene: Scene): Promise<void> {
  await own(scene);
  await gateways(scene);
}

async function own(scene: Scene): Promise<void> {
  const { proof, stage, name } = scene;
  for (const book of ['backup', 'verify-backup']) {
    const made = await stage.cli(['run', book, '-s', name, '--yes', '--json'], { timeoutMs: 300_000 });
    proof.check(`${book} is run, so that there is something to tell`, made.code === 0, said(made));
  }
  await withClient(scene, ['mcp'], async (client) => {
    const { tools } = await client.listTools();
    proof.check(
      'mcp: every tool says that it only looks',
      tools.length > 10 && tools.every(({ annotations }) => annotations?.readOnlyHint === true),
      JSON.stringify(tools.map((each) => each.name)),
    );
    const began = Date.now();
    const status = await call(client, 'status', { server: [name] });
    proof.figure('mcp: status', seconds(Date.now() - began));
    const server = (
      status.structuredContent?.['servers'] as
        | { server?: string; name?: string; backup?: unknown }[]
        | undefined
    )?.[0];
    proof.check(
      '“is it healthy”',
      status.isError === false && server !== undefined,
      JSON.stringify(status).slice(0, 1500),
    );
    const backups = await call(client, 'backups_ls', { server: [name] });
    const [listed] =
      (backups.structuredContent?.['servers'] as { backups: { verifiedAt?: string }[] }[] | undefined) ?? [];
    proof.check(
      '“when was the last verified backup”',
      JSON.stringify(listed?.backups ?? '').includes('verified'),
      JSON.stringify(backups).slice(0, 1500),
    );
    const usage = await call(client, 'usage', { server: [name], days: 3 });
    proof.check(
      '“what does it cost”',
      ((usage.structuredContent?.['servers'] as { totalUsd: number }[] | undefined)?.[0]?.totalUsd ?? 0) > 0,
      JSON.stringify(usage).slice(0, 800),
    );
    const missing = await call(client, 'show', { run: 'nobody-0000' });
    proof.check(
      'an error is an error, with its code and the next command',
      missing.isError === true && JSON.stringify(missing).includes('RUN_NOT_FOUND'),
      JSON.stringify(missing).slice(0, 800),
    );
    const sly = await call(client, 'show', { run: '--report=/tmp/sly.html' });
    proof.check(
      'a flag in the place of a name stays a name',
      sly.isError === true && JSON.stringify(sly).includes('RUN_NOT_FOUND'),
      JSON.stringify(sly).slice(0, 800),
    );
  });
}

const HTTP = `for p in /mcp /sse /api/mcp /v1/mcp; do
a=$(curl -s -o /tmp/answer -m 10 -w '%{http_code} %{content_type}' -H "Authorization: Bearer $(cat /tmp/token)" -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"proof","version":"1"}}}' http://127.0.0.1:18789$p)
b=$(curl -s -o /tmp/answer -m 10 -w '%{http_code} %{content_type}' -H "Authorization: Bearer $(cat /tmp/token)" -H 'accept: text/event-stream' http://127.0.0.1:18789$p)
echo "$p POST $a, GET $b"
done; rm -f /tmp/token`;

/** What the guide's Step 15 asks of the gateway itself. */
async function gateways(scene: Scene): Promise<void> {
  const { proof, stage, name } = scene;
  const token =
    "node -e \"require('fs').writeFileSync('/tmp/token', JSON.parse(require('fs').readFileSync('/home/node/.config/clincher/secrets.json')).gatewayToken)\"";
  const http = await stage.cli(['exec', name, '--in', 'openclaw', '--', 'sh', '-c', `${token}; ${HTTP}`], {
    timeoutMs: 120_000,
  });
  proof.figure('the gateway by HTTP, with its token', http.stdout.trim().replaceAll('\n', '; '));
  const printed = await stage.cli(['mcp', '--print-config', '--gateways']);
  const config = JSON.parse(printed.stdout || '{}') as {
    servers?: Record<string, { command: string; args: string[] }>;
  };
  const entry = config.servers?.[`openclaw-${name}`];
  proof.check(
    'what an editor is told holds no secret',
    printed.code === 0 && entry?.command === 'clincher' && !/[0-9a-f]{32}/.test(printed.stdout),
    said(printed),
  );
  const tools = await withClient(scene, entry?.args ?? [], async (client) =>
    (await client.listTools()).tools.map((each) => each.name),
  ).catch((error: Error) => [`none: ${error.message}`]);
  proof.check('the gateway speaks MCP over the container’s own stdio', tools.length > 1, tools.join());
  proof.figure('tools of the gateway', tools.join(', '));
}
