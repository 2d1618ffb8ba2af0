// Conversations that nobody goes on with, on a real host: listed, kept or removed as a person says, never without a backup.
import type { Backup } from '../../src/model.js';
import type { CliResult } from './cli.js';
import { isOlder, type MemoryScene } from './memory.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { tail } from './verdicts.js';

/** As versions before 2026.8 keep them; a newer one takes them into its database, which its own step does. */
const CONVERSATIONS = String.raw`
import json, os, time
folder = "${FOLDER}/data/agents/main/sessions"
os.makedirs(folder, exist_ok=True)
path = folder + "/sessions.json"
store = json.load(open(path)) if os.path.exists(path) else {}
now = time.time() * 1000
for key, days, name in (("agent:main:telegram:direct:100", 120, "2"), ("agent:main:telegram:direct:200", 5, "3"), ("agent:main:cron:job1", 200, "4")):
    at, id = int(now - days * 864e5), "%s-%s-4%s-8%s-%s" % (name * 8, name * 4, name * 3, name * 3, name * 12)
    file = folder + "/" + id + ".jsonl"
    iso = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at / 1000))
    lines = [{"type": "session", "version": 3, "id": id, "timestamp": iso, "cwd": "/home/node/.openclaw/workspace"},
        {"type": "message", "id": "m1", "parentId": None, "timestamp": iso, "message": {"role": "user", "content": [{"type": "text", "text": "hello"}], "timestamp": at}}]
    open(file, "w").write("".join(json.dumps(each) + "\n" for each in lines))
    store[key] = {"sessionId": id, "updatedAt": at, "chatType": "direct", "sessionFile": "/home/node/.openclaw/agents/main/sessions/" + id + ".jsonl"}
json.dump(store, open(path, "w"))
for root, _, names in os.walk("${FOLDER}/data/agents"):
    for each in [root] + [os.path.join(root, n) for n in names]: os.chown(each, 1000, 1000)
`;

export async function conversations(scene: MemoryScene): Promise<void> {
  const { proof, stage, host, name } = scene;
  await must(host, 'python3 -', CONVERSATIONS);
  stage.set(name, { memory: { keep_conversations_days: 90 } });
  const set = await stage.provision(name);
  proof.check('an age is configured, and OpenClaw knows it', set.code === 0, tail(set));
  const listed = await asked(scene);
  proof.check(
    'what would go is listed before the question',
    listed.includes('agent:main:cron:job1') &&
      listed.includes('200d ago') &&
      listed.includes('a backup is made before'),
    listed,
  );
  proof.check(
    '2026.3 lists people’s as well, newer ones do not',
    listed.includes('120d ago') === isOlder(scene),
    listed,
  );
  const before = await left(scene);
  const kept = await answered(scene, 'keep');
  proof.check('a no keeps them', kept.code === 0 && (await left(scene)) === before, tail(kept));
  await asked(scene);
  const backups = (await backupsOf(scene)).length;
  const removed = await answered(scene, 'remove');
  proof.check(
    'a yes has them removed',
    removed.code === 0 && removed.stdout.includes('they are gone'),
    tail(removed),
  );
  proof.check('after a backup', (await backupsOf(scene)).length === backups + 1);
  const now = await left(scene);
  proof.check(
    'what was in use is there, the old one is not',
    now.includes('direct:200') && !now.includes('cron:job1'),
    now,
  );
  proof.figure('conversations left', now.trim().split('\n').join(', '));
  const again = await stage.cli(words(name), { timeoutMs: 600_000 });
  proof.check('then none is old', again.code === 0 && again.stdout.includes('none is as old'), tail(again));
}

const words = (name: string): string[] => [
  ...['run', 'memory', '-s', name, '--yes', '--json', '--on-failure', 'abort'],
];

/** Starts the run, which waits at the gate: what stands there. */
async function asked({ stage, name, proof }: MemoryScene): Promise<string> {
  const begun = await stage.cli(words(name), { timeoutMs: 600_000 });
  if (begun.code !== 8) proof.check('the run asks', false, tail(begun));
  return (await stage.cli(['gates', '--json'])).stdout;
}

async function answered({ stage, name }: MemoryScene, value: string): Promise<CliResult> {
  const answer = await stage.cli(['answer', 'conversations', value, '-s', name]);
  if (answer.code !== 0) return answer;
  return stage.cli(['follow', '@last', '-s', name, '--json'], { timeoutMs: 900_000 });
}

const left = ({ host }: MemoryScene): Promise<string> =>
  must(host, `docker exec openclaw openclaw sessions --json 2>/dev/null | grep -o '"key": "[^"]*"' | sort`);

async function backupsOf({ stage, name }: MemoryScene): Promise<Backup[]> {
  const { stdout } = await stage.cli(['backups', 'ls', '-s', name, '--json']);
  return (JSON.parse(stdout) as { servers: { backups: Backup[] }[] }).servers[0]!.backups;
}
