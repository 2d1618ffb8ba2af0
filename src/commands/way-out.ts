// Whether LiteLLM finds the egress proxy by what its own container was told: its providers are asked by no other way.
import type { Fact } from '../model.js';
import { answered } from './docker-api.js';

export interface WayOut {
  /** Its HTTPS_PROXY; empty where it has none. */
  proxy: string;
  /** Of the proxy to CONNECT, be it a refusal. */
  status?: number | undefined;
  error?: string | undefined;
}

const ASK = String.raw`
import json, os, socket, sys
from urllib.parse import urlsplit
proxy = os.environ.get("HTTPS_PROXY", ""); said = {"proxy": proxy}
try:
    at = urlsplit(proxy)
    with socket.create_connection((at.hostname or "", at.port or 80), 8) as link:
        link.settimeout(8); link.sendall(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (sys.argv[1], sys.argv[1])).encode())
        said["status"] = int(link.makefile("rb").readline().split()[1])
except Exception as error: said["error"] = str(error)[:160]
print(json.dumps(said))
`;

export const wayOut = (target: string): Fact<WayOut> => ({
  read: ['timeout', '30', 'docker', 'exec', 'openclaw-litellm', 'python3', '-c', ASK, target],
  parse: (reading) => answered<WayOut>(reading),
});
