// The ways out, asked one by one from inside the gateway; and a list that Smokescreen is given to try before it is in force.
import type { Action, Command, Fact } from '../model.js';
import { answered } from './docker-api.js';
import { CONNECT, type Connected } from './inside.js';
import { sh } from './shell.js';

/** By `host:port`. */
export type Answers = Record<string, Connected>;

/** Longer than the proxy itself tries to reach somebody: it is to say that nobody answers. */
const PROBE = `const http = require('http');
${CONNECT}
(async () => {
  const answers = await Promise.all(JSON.parse(process.argv[1]).map(async (target) => [target, await connect(target, 20000)]));
  process.stdout.write(JSON.stringify(Object.fromEntries(answers)), () => process.exit(0));
})();`;

export const connects = (targets: readonly string[]): Fact<Answers> => ({
  read: ['timeout', '90', 'docker', 'exec', 'openclaw', 'node', '-e', PROBE, JSON.stringify(targets)],
  parse: (reading) => answered<Answers>(reading),
});

/** How `tryList` ends where Smokescreen does not take the list. */
export const NOT_TAKEN = 9;

/**
 * Smokescreen reads its list once, as it starts, and ends where it does not take it: so one is started with the same
 * words and the new list, without a network, until it listens. The one in use is not touched.
 */
const TRY = `c=clincher-egress-try; t=$(mktemp -d) || exit; trap 'docker rm -f "$c" >/dev/null 2>&1; rm -rf "$t"' EXIT
docker rm -f "$c" >/dev/null 2>&1
cat >"$t/acl.yaml" && chmod 755 "$t" && chmod 644 "$t/acl.yaml" || exit; user=$1; image=$2; shift 2
docker run -d --name "$c" --pull never --network none --read-only --tmpfs /tmp:size=16m --cap-drop ALL --security-opt no-new-privileges:true --memory 128m --pids-limit 64 --user "$user" -v "$t/acl.yaml:/etc/smokescreen/acl.yaml:ro" "$image" "$@" >/dev/null || exit
n=0; while [ "$n" -lt 100 ] && [ "$(docker inspect -f '{{.State.Running}}' "$c")" = true ]; do
docker exec "$c" nc -z -w 1 127.0.0.1 4750 2>/dev/null && exit 0
n=$((n+1)); sleep 0.2
done
docker logs --tail 6 "$c" 2>&1 | cut -c1-400; exit ${NOT_TAKEN}`;

/** For a trial that was killed: it could not clear up after itself. */
export const tidy: Command = ['/usr/bin/docker', 'rm', '-f', 'clincher-egress-try'];

export interface Trial {
  user: string;
  image: string;
  /** Smokescreen's own words. */
  args: readonly string[];
  list: string;
}

export const tryList = ({ user, image, args, list }: Trial): Action => ({
  command: sh(TRY, user, image, ...args),
  stdin: list,
});
