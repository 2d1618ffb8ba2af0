// Uptime Kuma has no file for its checks: they are made by its own socket, from inside its container, as its pages do.
import type { Action, Fact } from '../model.js';
import { sh } from './shell.js';

export interface KumaCheck {
  name: string;
  url: string;
  ignoreTls: boolean;
}

export const kumaName = (server: string): string => `clincher: gateway of ${server}`;

/**
 * Words: `look` or `make`, the checks as JSON. The password of `admin` comes by stdin; on a Kuma that nobody has set
 * up yet, `make` gives it that one. Only checks of our names are touched.
 */
const SCRIPT = String.raw`
const { io } = require("socket.io-client");
const [mode, wanted] = [process.argv[1], JSON.parse(process.argv[2])];
const password = require("fs").readFileSync(0, "utf8");
const end = (code, text) => { process.stdout.write(text + "\n"); process.exit(code); };
setTimeout(() => end(1, "Uptime Kuma does not answer"), 25000);
const link = io("http://127.0.0.1:" + (process.env.UPTIME_KUMA_PORT || 3001), { transports: ["websocket"] });
const ask = (...words) => new Promise((done) => link.emit(...words, done));
let list; link.on("monitorList", (all) => { list = Object.values(all); });
const must = (said) => { if (said && said.ok === false) end(1, "Uptime Kuma says: " + said.msg); return said; };
const whole = (c) => ({ type: "http", name: c.name, url: c.url, method: "GET", interval: 60, retryInterval: 60, resendInterval: 0, maxretries: 1, timeout: 48,
    notificationIDList: {}, ignoreTls: c.ignoreTls, upsideDown: false, packetSize: 56, expiryNotification: true, maxredirects: 0, accepted_statuscodes: ["200-299", "401"],
    dns_resolve_type: "A", dns_resolve_server: "1.1.1.1", docker_container: "", docker_host: null, proxyId: null, mqttUsername: "", mqttPassword: "", mqttTopic: "", mqttSuccessMessage: "",
    authMethod: null, httpBodyEncoding: "json", kafkaProducerBrokers: [], kafkaProducerSaslOptions: { mechanism: "None" }, kafkaProducerSsl: false, kafkaProducerAllowAutoTopicCreation: false, gamedigGivenPortOnly: true });
const same = (m, c) => m.url === c.url && Boolean(m.ignoreTls) === c.ignoreTls && Boolean(m.active);
link.on("connect", async () => {
    if (await ask("needSetup")) {
        if (mode === "look") return end(0, JSON.stringify({ isSetUp: false, checks: [] }));
        must(await ask("setup", "admin", password));
    }
    must(await ask("login", { username: "admin", password, token: "" }));
    for (let n = 0; list === undefined && n < 50; n += 1) await new Promise((go) => setTimeout(go, 100));
    const ours = (c) => (list || []).find((m) => m.name === c.name);
    if (mode === "make") for (const c of wanted) {
        const old = ours(c);
        if (old && same(old, c)) continue;
        if (old) must(await ask("editMonitor", { ...old, ...whole(c), id: old.id, active: true }));
        else {
            const first = await ask("add", whole(c));
            // Newer ones want this key, and older ones have no place for it.
            if (first.ok === false) must(await ask("add", { ...whole(c), conditions: [] }));
        }
    }
    end(0, JSON.stringify({ isSetUp: true, checks: (list || []).map((m) => ({ name: m.name, url: m.url, ignoreTls: Boolean(m.ignoreTls), isActive: Boolean(m.active) })) }));
});
`;

export interface KumaNow {
  isSetUp: boolean;
  checks: (KumaCheck & { isActive: boolean })[];
}

const CALL = 'docker exec -i monitor-uptime-kuma node -e "$1" "$2" "$3" <"$4"';

/** Null where it does not run yet. `password`: the file that holds it. */
export const kumaNow = (password: string): Fact<KumaNow | null> => ({
  read: sh(
    `[ -r "$4" ] && [ "$(docker inspect -f '{{.State.Running}}' monitor-uptime-kuma 2>/dev/null)" = true ] || exit 0; ${CALL}`,
    SCRIPT,
    'look',
    '[]',
    password,
  ),
  absent: null,
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stdout.trim() || stderr.trim() || `it ended with ${exitCode}`);
    return stdout.trim() === '' ? null : (JSON.parse(stdout) as KumaNow);
  },
});

export const makeKumaChecks = (checks: readonly KumaCheck[], password: string): Action => ({
  command: sh(`${CALL} >/dev/null`, SCRIPT, 'make', JSON.stringify(checks), password),
});

/** For tests against the program itself. */
export const kumaScript = SCRIPT;
