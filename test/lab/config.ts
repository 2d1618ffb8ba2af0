// A lab host as `clincher.yaml` names it under `servers`: how to reach it, and what differs from a real server.
import { labKey } from './key.js';
import type { LabHost } from './model.js';
import { machineAddress } from './network.js';
import { firstContact } from './ssh.js';

const usualOpenFiles = 65_536;

export async function labServer(host: LabHost): Promise<object> {
  const { privateKeyFile, publicKey } = labKey();
  // No container inside can have more open files than this machine allows the lab; asking for more, none starts.
  const most = Number((await host.exec('ulimit -Hn')).stdout.trim()) || usualOpenFiles;
  return {
    address: host.address,
    ssh: {
      host_keys: host.hostKeys,
      identity_file: privateKeyFile,
      authorized_keys: [publicKey],
      admin_addresses: [`${machineAddress}/32`],
      first_contact: firstContact,
    },
    ...(most < usualOpenFiles ? { docker: { nofile: most } } : {}),
  };
}
