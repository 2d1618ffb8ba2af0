// Asks the running gateway for lines of its own memory, as the agent would: by its tool, with its token.
import type { Fact, MemorySearch } from '../model.js';
import { answered } from './docker-api.js';
import { script } from './memory-index.js';

/**
 * The first line of three files at most, each a question: what is found has it in its text. Only numbers leave. A gateway
 * that was only just started is given time: the first search of 2026.3 may meet its own index as it is being swapped.
 */
const SEARCH = `const fs = require('fs'), path = require('path');
const work = '/home/node/.openclaw/workspace', key = JSON.parse(fs.readFileSync('/home/node/.config/clincher/secrets.json')).gatewayToken;
const plain = (text) => text.replace(/[^\\p{L}\\p{N}]+/gu, ' ').trim();
const walk = (dir) => { try { return fs.readdirSync(dir, { withFileTypes: true }).flatMap((each) => each.isDirectory() ? walk(path.join(dir, each.name)) : [path.join(dir, each.name)]); } catch { return []; } };
const lineOf = (name) => { try { return fs.readFileSync(name, 'utf8').split('\\n').find((line) => plain(line).length > 8) ?? ''; } catch { return ''; } };
const lines = [...new Set([work + '/MEMORY.md', ...walk(work + '/memory').filter((name) => name.endsWith('.md')).sort().reverse()].map(lineOf).filter(Boolean))].slice(0, 3);
const base = 'http://127.0.0.1:18789', headers = { 'content-type': 'application/json', authorization: 'Bearer ' + key };
const ready = async (n = 120) => { if (n > 0 && !(await fetch(base + '/readyz').then(({ ok }) => ok, () => false))) { await new Promise((next) => setTimeout(next, 1000)); await ready(n - 1); } };
const search = async (query) => {
  const answer = await fetch(base + '/tools/invoke', { method: 'POST', headers, body: JSON.stringify({ tool: 'memory_search', args: { query, maxResults: 20, minScore: 0 } }) });
  if (answer.status !== 200) throw new Error('the gateway answers ' + answer.status);
  const said = JSON.parse((await answer.json()).result.content[0].text);
  if (said.error || said.disabled) throw new Error(String(said.error ?? 'memory_search is off').slice(0, 200));
  return said.results.some(({ snippet = '' }) => plain(snippet).includes(plain(query).slice(0, 60)));
};
const all = async () => {
  const answer = { asked: lines.length, found: 0 };
  try { for (const line of lines) if (await search(line.slice(0, 300))) answer.found += 1; } catch (error) { answer.error = error.message; }
  return answer;
};
const patiently = async (tries) => {
  const answer = await all();
  if (tries === 0 || (!answer.error && answer.found > 0) || lines.length === 0) return answer;
  await new Promise((next) => setTimeout(next, 5000));
  return patiently(tries - 1);
};
(async () => {
  await ready();
  const answer = await patiently(2);
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
})();`;

export const memorySearch: Fact<MemorySearch> = {
  read: script(300, SEARCH),
  parse: (reading) => answered<MemorySearch>(reading),
};
