// The part of the host's clincher-backup that restores a backup beside the running stack, and asks what was restored.

/** Where it is restored; systemd-tmpfiles empties it at boot, since a power cut leaves it in clear. */
export const DRILL_FOLDER = '/var/lib/clincher/drill';
export const TRIAL_CONTAINER = 'openclaw-drill';
/** What clincher last set in the configuration that was restored: a trial writes its own. */
export const TRIAL_SETTINGS = `${DRILL_FOLDER}/openclaw-settings.json`;

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
  docker volume ls -q --filter label=com.docker.compose.project=openclaw-drill | xargs -r docker volume rm >/dev/null 2>&1
  rm -rf "$drill"
}

# The very service of the restored files, without a network: no bot is polled twice, and nothing is called that costs money.
# Its folders are named anew, since those of sandboxes are told by absolute paths: they would be the running stack's.
boot() {
  local stack=$drill$1 hostname=$2 service=$3 n=0
  {
    cat <<EOF
services:
  $service:
    extends: { file: $(grep -l "^  $service:\$" "$stack"/*.yml | head -n 1), service: $service }
    container_name: openclaw-drill
    hostname: "$hostname"
    restart: "no"
    network_mode: none
    networks: !reset {}
    depends_on: !reset {}
    ports: !reset []
EOF
    [ "$service" != openclaw ] || cat <<EOF
    volumes: !override
      - $stack/data:/home/node/.openclaw
      - $stack/secrets/openclaw:/home/node/.config/clincher:ro
EOF
    echo 'volumes: { caddy-data: {}, caddy-config: {} }'
  } >"$drill/drill.yml"
  docker compose -p openclaw-drill --project-directory "$stack" --env-file "$stack/.env" -f "$drill/drill.yml" up -d "$service" 2>&1 || return
  until ready "$service"; do
    n=$((n + 1))
    [ "$n" -lt 400 ] && lives || { docker logs --tail 6 openclaw-drill 2>&1; return 1; }
    sleep 1
  done
}

ready() {
  if [ "$1" = openclaw ]; then
    docker exec openclaw-drill curl -fsS -o /dev/null http://127.0.0.1:18789/readyz 2>/dev/null
  else
    [ "$(docker inspect -f '{{.State.Health.Status}}' openclaw-drill)" = healthy ]
  fi
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

# Nothing of it stays, whatever ends this.
drilling() {
  alone 1800 || die $BUSY "another backup or drill has been at work for half an hour"
  trap tidy EXIT
  trap 'exit 143' HUP INT TERM
}

# Leaves how long it took in $took.
unfold() {
  local key began need said
  key=$(cat)
  tidy
  open "$1"
  memory_for_two
  need=$(($(grep -o '"contentBytes":[0-9]*' "$BACKUPS/$1/manifest.json" | cut -d : -f 2) * 6 / 5))
  [ "$need" -lt "$(df --output=avail -B1 /var/lib | tail -n 1)" ] || die $FULL "no room below /var/lib: $((need >> 20)) MiB are needed"
  mkdir -p "$drill" || exit
  began=$(ms)
  unpack "$1" "$key" -x -v -p --numeric-owner --xattrs --acls -C "$drill"
  took=$(($(ms) - began))
  verified "$1" "$took"
  cp -p /var/lib/clincher/openclaw-settings.json "$drill/" 2>/dev/null
}

# A service of what was restored is started, and the gateway asked what it knows.
question() {
  local service=$2 answer=null manifest=$BACKUPS/$1/manifest.json began booted
  began=$(ms)
  boot "$(field stack "$manifest")" "$(field hostname "$manifest" | grep . || echo openclaw)" "$service" || die $REFUSED "what was restored does not start"
  booted=$(($(ms) - began))
  [ "$service" != openclaw ] || answer=$(docker exec openclaw-drill node -e "$ask") || die $REFUSED "what was restored does not answer"
  echo "drill: {\"backup\":\"$1\",\"restoreMs\":$took,\"bootMs\":$booted,\"answer\":$answer}"
}

rehearse() {
  local took
  drilling
  unfold "$1"
  question "$1" openclaw
}

# In two parts, for whoever changes what was restored before it is started. \`boot\` or \`tidy\` takes it away.
restore() {
  local took
  drilling
  unfold "$1"
  trap - EXIT
}

begin() {
  local took=0
  drilling
  [ -d "$drill" ] || die $REFUSED "nothing was restored, or it was taken away again"
  memory_for_two
  question "$1" "$2"
}

ask=$(cat <<'EOF'
${ASK}
EOF
)
`;
