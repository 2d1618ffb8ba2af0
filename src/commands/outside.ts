// A server as a stranger sees it: which ports answer, what its certificate says, what its gateway answers to nobody in particular.
import type { Fact } from '../model.js';
import { answered, python } from './docker-api.js';

export interface OutsideAsk {
  address: string;
  ports: number[];
  /** Absent: there is no web address to look at. */
  web?: { host: string; port: number; name: string } | undefined;
}

/** Who looked. Without an address: the machine of the worker, which may come in anyway. */
export interface From {
  name: string;
  address?: string | undefined;
}

export interface Certificate {
  coversName: boolean;
  isCurrent: boolean;
  isTrusted: boolean;
  /** Why it is not. */
  why?: string | undefined;
  issuer: string;
  until: string;
}

export interface OutsideNow {
  from: From;
  ports: Record<string, 'open' | 'refused' | 'silent'>;
  certificate?: Certificate | { error: string } | undefined;
  /** A tool call without a token. */
  anonymous?: { status: number } | { error: string } | undefined;
}

/**
 * A connection is asked for again after 1 and 3 s (tcp(7), tcp_syn_retries): who has not answered after 3.5 does not. One
 * that is taken may then take its time. Everything is looked at at once: of a dead host nothing answers.
 * The same answers as activities/outside-here.ts gives where no other server looks. The activity adds who asks.
 */
const READ = `
import http.client, json, re, socket, ssl, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
ask, who = json.loads(sys.argv[1]), json.loads(sys.argv[2])
web = ask.get("web")
def knock(port):
    try: socket.create_connection((ask["address"], port), 2.5).close(); return "open"
    except (ConnectionRefusedError, ConnectionResetError): return "refused"
    except OSError: return "silent"
def connected(context):
    plain = socket.create_connection((web["host"], web["port"]), 3.5)
    plain.settimeout(8)
    return context.wrap_socket(plain, server_hostname=web["name"])
def blind():
    context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
    return context
def certificate():
    why = None
    try: connected(ssl.create_default_context()).close()
    except ssl.SSLCertVerificationError as e: why = e.verify_message
    with connected(blind()) as s: pem = ssl.DER_cert_to_PEM_cert(s.getpeercert(True))
    def x509(*words): return subprocess.run(["openssl", "x509", "-noout", *words], input=pem, capture_output=True, text=True)
    said = x509("-issuer", "-enddate").stdout
    def line(name): return (re.search("^" + name + "=(.*)$", said, re.M) or [None, ""])[1].strip()
    found = {"coversName": "does match" in x509("-checkhost", web["name"]).stdout, "isCurrent": x509("-checkend", "0").returncode == 0, "isTrusted": why is None, "issuer": line("issuer"), "until": line("notAfter")}
    return {**found, "why": why} if why else found
def anonymous():
    c = http.client.HTTPSConnection(web["host"], web["port"]); c.sock = connected(blind())
    c.sock.settimeout(15)
    c.request("POST", "/tools/invoke", '{"tool":"sessions_list","args":{}}', {"Host": web["name"], "content-type": "application/json"})
    return {"status": c.getresponse().status}
def attempt(work):
    try: return work()
    except Exception as e: return {"error": str(e) or type(e).__name__}
with ThreadPoolExecutor(len(ask["ports"]) + 2) as pool:
    knocks = {str(port): pool.submit(knock, port) for port in ask["ports"]}
    looks = {work.__name__: pool.submit(attempt, work) for work in (certificate, anonymous) if web}
print(json.dumps({"from": who, "ports": {port: k.result() for port, k in knocks.items()}, **{name: look.result() for name, look in looks.items()}}))
`;

export const outsideNow = (ask: OutsideAsk): Fact<OutsideNow> => ({
  read: python(READ, JSON.stringify(ask)),
  parse: (reading) => answered<OutsideNow>(reading),
});
