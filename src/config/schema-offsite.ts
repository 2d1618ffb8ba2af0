// Keys of `backup.offsite`: where copies of backups go, and what opens the far end.
import * as z from 'zod';
import * as is from './fields.js';
import { secretReference, text } from './fields.js';

const secret = (name: string, what: string) =>
  text(secretReference)
    .default(`secret://<server>/${name}`)
    .describe(
      `Secret reference to ${what}. Default secret://<server>/${name}; a run asks for it when it is missing.`,
    );

const s3 = () => ({
  provider: text(is.plainName)
    .default('Other')
    .describe('`s3`: whose it is, as rclone calls it: AWS, Cloudflare, Minio, Wasabi. Default Other.'),
  endpoint: text(is.origin)
    .optional()
    .describe('`s3`: its address, such as https://s3.eu-central-003.example.com. AWS needs none.'),
  region: text(is.plainName).optional().describe('`s3`: its region, where it is divided into some.'),
});

const sftp = () => ({
  host: text(is.address).optional().describe('`sftp`: IP address or host name of the other server.'),
  port: z.int().min(1).max(65535).default(22).describe('`sftp`: its SSH port. Default 22.'),
  user: text(is.plainName).optional().describe('`sftp`: who logs in there; for nothing else, best.'),
  key: secret('offsite_ssh_key', 'the private key that logs in there (`sftp`), without a passphrase'),
  host_keys: z
    .array(text(is.publicKey))
    .default([])
    .describe(
      '`sftp`: all public keys of that server, as `ssh-keyscan` prints them without the name before. None is believed but these.',
    ),
});

export const offsite = () =>
  z.strictObject({
    type: z
      .enum(['s3', 'b2', 'sftp'])
      .describe(
        '`s3`: whatever speaks as Amazon’s S3 does; `b2`: Backblaze; `sftp`: files of another server.',
      ),
    path: text(is.remotePath)
      .default('clincher')
      .describe('Folder there; each server’s copies are in one of its own below it. Default clincher.'),
    keep_days: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe(
        'Copies that are older are removed, never one whose backup the server still has, never the newest, and never the last that was verified. Absent: clincher removes nothing there, and a rule of the far end’s does, with a key that may not remove. That is the better way: whoever takes the server over has its key.',
      ),
    bucket: text(is.bucketName).optional().describe('`s3`, `b2`: the bucket. It has to be there.'),
    access_key: secret('offsite_access_key', 'the id of the key (`s3`: access key, `b2`: keyID)'),
    secret_key: secret('offsite_secret_key', 'the key itself (`s3`: secret key, `b2`: applicationKey)'),
    ...s3(),
    ...sftp(),
  });
