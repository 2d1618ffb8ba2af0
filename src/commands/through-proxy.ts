// The gateway asked through its reverse proxy, on the host itself: the token stays where it is.
import type { Fact } from '../model.js';
import { answered, python } from './docker-api.js';

export interface ThroughProxy {
  anonymous: number;
  goodToken: number;
}

/** Arguments: the stack's folder, the proxy's address, the public name. */
const READ = `
import http.client, json, socket, ssl, sys
root, address, name = sys.argv[1:4]
token = json.load(open(root + "/secrets/openclaw/secrets.json"))["gatewayToken"]
def status(headers):
    context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
    c = http.client.HTTPSConnection(address, timeout=20); c.sock = context.wrap_socket(socket.create_connection((address, 443), 8), server_hostname=name)
    c.request("POST", "/tools/invoke", '{"tool":"sessions_list","args":{}}', {"Host": name, "content-type": "application/json", **headers})
    return c.getresponse().status
print(json.dumps({"anonymous": status({}), "goodToken": status({"authorization": "Bearer " + token})}))
`;

export const throughProxy = (directory: string, address: string, name: string): Fact<ThroughProxy> => ({
  read: python(READ, directory, address, name),
  parse: (reading) => answered<ThroughProxy>(reading),
});
