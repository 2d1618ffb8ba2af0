// fail2ban: what its running server has in effect, asked over its socket (fail2ban-client(1)).
import type { Action, Fact } from '../model.js';
import { action, sh } from './shell.js';

export interface Jail {
  maxRetry: number;
  banSeconds: number;
  findSeconds: number;
  ignored: string[];
  matches: string;
  actions: string[];
}

/**
 * fail2ban-client spends 80 ms on loading itself; the question takes one. The protocol is the client's own: a pickled
 * list of words, and an end mark. Answers are parsed by a reader that makes no objects, though the socket is root's.
 * The C halves of the modules: their Python halves would double the time, which is all spent on importing.
 */
const ASK = `
import _json, _pickle, _socket, io
class Plain(_pickle.Unpickler):
    def find_class(self, module, name):
        return str
s = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM); s.settimeout(10); s.connect('/var/run/fail2ban/fail2ban.sock')
def ask(*words):
    s.sendall(_pickle.dumps(list(words), 2) + b'<F2B_END_COMMAND>')
    data = b''
    while not data.endswith(b'<F2B_END_COMMAND>'):
        more = s.recv(65536)
        if not more: break
        data += more
    code, answer = Plain(io.BytesIO(data[:-len(b'<F2B_END_COMMAND>')])).load()
    return None if code else answer
def json(value):
    if value is None: return 'null'
    if isinstance(value, (list, tuple, set)): return '[' + ','.join(map(json, value)) + ']'
    return _json.encode_basestring_ascii(str(value))
jail = 'sshd'
print('{' + ','.join('"%s":%s' % (k, json(ask('get', jail, k))) for k in ('maxretry', 'bantime', 'findtime', 'ignoreip', 'journalmatch', 'actions')) + '}')
`;

/** The jail on SSH as it runs; null when the server or the jail does not. */
export const sshd: Fact<Jail | null> = {
  read: ['python3', '-I', '-S', '-c', ASK],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0 && /FileNotFoundError|ConnectionRefusedError/.test(stderr)) return null;
    if (exitCode !== 0) throw new Error(stderr || 'fail2ban does not answer');
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    if (answer['maxretry'] === null) return null;
    return {
      maxRetry: Number(answer['maxretry']),
      banSeconds: Number(answer['bantime']),
      findSeconds: Number(answer['findtime']),
      ignored: list(answer['ignoreip']),
      matches: list(answer['journalmatch']).join(' '),
      actions: list(answer['actions']),
    };
  },
  absent: null,
};

const list = (value: unknown): string[] => (Array.isArray(value) ? value.flat(3).map(String) : []);

/** A reload keeps the bans that stand; a server that is down is started. */
export const takeUp: Action = action(
  ...sh(`fail2ban-client -t >/dev/null || { fail2ban-client -t; exit 1; }
systemctl reset-failed fail2ban.service 2>/dev/null; systemctl enable -q fail2ban.service
if systemctl -q is-active fail2ban.service; then fail2ban-client reload; else systemctl start fail2ban.service; fi || exit
n=0; until fail2ban-client status sshd >/dev/null 2>&1; do n=$((n+1)); [ $n -gt 20 ] && { fail2ban-client status; exit 1; }; sleep 0.5; done`),
);
