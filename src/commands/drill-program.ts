// The part of the host's clincher-backup that restores a backup beside the running stack, and asks what was restored.

/** Where it is restored; systemd-tmpfiles empties it at boot, since a power cut leaves it in clear. */
export const DRILL_FOLDER = '/var/lib/clincher/drill';

/**
 * Asked from inside the container, since there is no network: does the restored gateway know its own token, its memory, its
 * settings. Only words and numbers leave, no content.
 */
const ASK = `const fs = require('fs'), { execFileSync } = require('child_process');
const home = '/home/node/.openclaw/', base = 'http://127.0.0.1:18789';
const key = JSON.parse(fs.readFileSync('/home/node/.config/clincher/secrets.json')).gatewayToken;
const get = (path) => fetch(base + path).then(({ status }) => status, (error) => String(error.cause?.code ?? error.message));
const invoke = async (tool, args, token) => {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: 'Bearer ' + token } : {}) };
  const answer = await fetch(base + '/tools/invoke', { method: 'POST', headers, body: JSON.stringify({ tool, args }) });
  return { status: answer.status, text: await answer.text() };
};
const cli = (...words) => { try { return { code: 0, text: execFileSync('openclaw', words, { encoding: 'utf8', timeout: 120000, stdio: ['ignore', 'pipe', 'pipe'] }) }; } catch (error) { return { code: error.status ?? -1, text: String(error.stdout ?? '') }; } };
const plain = (text) => text.replace(/\\\\+[nrt"]/g, ' ').replace(/[^\\p{L}\\p{N}]+/gu, ' ').trim();
const memory = async () => {
  const path = ['MEMORY.md', 'memory.md'].find((name) => fs.existsSync(home + 'workspace/' + name));
  if (!path) return 'none';
  const { status, text } = await invoke('memory_get', { path }, key);
  if (status === 404) return 'off';
  if (status !== 200) return 'status ' + status;
  const line = fs.readFileSync(home + 'workspace/' + path, 'utf8').split('\\n').map(plain).find((each) => each.length > 8) ?? '';
  return plain(text).includes(line) ? 'known' : 'unlike';
};
(async () => {
  const answer = {
    ready: await get('/readyz'), anonymous: (await invoke('sessions_list', {})).status, token: (await invoke('sessions_list', {}, key)).status,
    memory: await memory().catch((error) => error.message), authMode: cli('config', 'get', 'gateway.auth.mode').text.trim().split('\\n').at(-1),
    valid: /"valid":\\s*true/.test(cli('config', 'validate', '--json').text), doctor: cli('doctor', '--non-interactive').code,
    version: cli('--version').text.trim(),
  };
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
})();`;

/** Functions of the program; its verbs are in backup-program.ts. */
export const DRILL_TEXT = String.raw`
drill=${DRILL_FOLDER}

undrill() {
  docker rm -f openclaw-drill >/dev/null 2>&1
  rm -rf "$drill"
}

# The very service of the restored files, without a network: no bot is polled twice, and nothing is called that costs money.
# Its folders are named anew, since those of sandboxes are told by absolute paths: they would be the running stack's.
boot() {
  local stack=$drill$1 hostname=$2
  cat >"$drill/drill.yml" <<EOF
services:
  openclaw:
    extends: { file: $stack/docker-compose.yml, service: openclaw }
    container_name: openclaw-drill
    hostname: "$hostname"
    restart: "no"
    network_mode: none
    networks: !reset {}
    depends_on: !reset {}
    volumes: !override
      - $stack/data:/home/node/.openclaw
      - $stack/secrets/openclaw:/home/node/.config/clincher:ro
EOF
  docker compose -p openclaw-drill --project-directory "$stack" --env-file "$stack/.env" -f "$drill/drill.yml" up -d openclaw 2>&1 || return
  local n=0
  until docker exec openclaw-drill curl -fsS -o /dev/null http://127.0.0.1:18789/readyz 2>/dev/null; do
    n=$((n + 1))
    [ "$n" -lt 400 ] && lives || { docker logs --tail 6 openclaw-drill 2>&1; return 1; }
    sleep 1
  done
}

# Since 2026.8 a gateway holds a lease on its state, in its state, for five minutes: a young backup says that its owner, who
# stands beside it, is alive. Under the owner's own host name it sees that such a process is not there; else it has to wait.
lives() {
  [ "$(docker inspect -f '{{.State.Running}}' openclaw-drill)" != true ] || return 0
  docker logs --tail 6 openclaw-drill 2>&1 | grep -q 'owner lease is still active' || return
  sleep 4
  docker start openclaw-drill >/dev/null
}

memory_for_two() {
  local free
  free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
  [ "$free" -gt 700 ] || die 1 "a second gateway needs about 700 MiB of memory, and $free MiB are free"
}

rehearse() {
  local key began restored ready answer need said
  key=$(cat)
  alone 1800 || die $BUSY "another backup or drill has been at work for half an hour"
  tidy
  trap tidy EXIT
  trap 'exit 143' HUP INT TERM
  open "$1"
  memory_for_two
  need=$(($(grep -o '"contentBytes":[0-9]*' "$BACKUPS/$1/manifest.json" | cut -d : -f 2) * 6 / 5))
  [ "$need" -lt "$(df --output=avail -B1 /var/lib | tail -n 1)" ] || die $FULL "no room below /var/lib: $((need >> 20)) MiB are needed"
  mkdir -p "$drill" || exit
  began=$(ms)
  unpack "$1" "$key" -x -v -p --numeric-owner --xattrs --acls -C "$drill"
  key=
  restored=$(ms)
  verified "$1" "$((restored - began))"
  boot "$(field stack "$BACKUPS/$1/manifest.json")" "$(field hostname "$BACKUPS/$1/manifest.json" | grep . || echo openclaw)" || die $REFUSED "what was restored does not start"
  ready=$(ms)
  answer=$(docker exec openclaw-drill node -e "$ask") || die $REFUSED "what was restored does not answer"
  echo "drill: {\"backup\":\"$1\",\"restoreMs\":$((restored - began)),\"bootMs\":$((ready - restored)),\"answer\":$answer}"
}

ask=$(cat <<'EOF'
${ASK}
EOF
)
`;
