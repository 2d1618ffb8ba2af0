// Keys under `ssh`: the ways in, before and after hardening.
import * as z from 'zod';
import * as is from './fields.js';
import { text } from './fields.js';

export const port = (): z.ZodInt => z.int().min(1).max(65535);

const sshEndpoint = () =>
  z.strictObject({
    address: text(is.address).describe('IP address or host name of the jump host.'),
    port: port().default(22).describe('Its SSH port. Default 22.'),
    user: text(is.userName).describe('User to log in as on the jump host.'),
    host_keys: z
      .array(text(is.fingerprint))
      .min(1)
      .describe('Fingerprints (`SHA256:…`) of the host keys that are accepted from the jump host.'),
  });

export const ssh = () =>
  z.strictObject({
    user: text(is.deployUser)
      .default('deploy')
      .describe(
        'User that clincher creates and logs in as; member of sudo and docker. Default deploy (guide, Step 1).',
      ),
    port: port().default(9922).describe('SSH port after hardening. Default 9922 (guide, Step 1).'),
    host_keys: z
      .array(text(is.fingerprint))
      .default([])
      .describe(
        'Fingerprints (`SHA256:…`) of the host keys that are accepted. Empty: no connection is made. `clincher init` shows and pins them; compare them with your provider’s console.',
      ),
    first_contact: z
      .strictObject({
        user: text(is.userName)
          .default('root')
          .describe(
            'User of a server that nobody touched: root, or the cloud image’s (debian, ubuntu). Default root.',
          ),
        port: port().default(22).describe('Its SSH port. Default 22.'),
      })
      .prefault({})
      .describe('How a server is reached before it was hardened.'),
    identity_file: text(is.filePath)
      .optional()
      .describe(
        'Your private key file, `~` allowed; relative paths begin at this file. Absent: the SSH agent alone.',
      ),
    identity_passphrase: text(is.secretReference)
      .optional()
      .describe('Secret reference to the passphrase of `identity_file`.'),
    agent: z.boolean().default(true).describe('Whether keys of the SSH agent are offered. Default true.'),
    sudo_password: text(is.secretReference)
      .optional()
      .describe('Secret reference to the password for sudo, where it asks for one; it travels by stdin.'),
    authorized_keys: z
      .array(text(is.publicKey))
      .default([])
      .describe(
        'Public keys (lines of .pub files) that may log in as `user`. At least one; others are removed.',
      ),
    admin_addresses: z
      .array(text(is.adminNetwork))
      .default([])
      .describe(
        'Addresses or networks that may reach the SSH port, everybody else is dropped. At least one, unless `tailscale.ssh_only`.',
      ),
    jump: sshEndpoint()
      .optional()
      .describe('A host to go through, where the server is not reachable directly.'),
  });
