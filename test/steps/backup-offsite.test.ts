// What rclone is given, and that it is found again as it was written: secrets as references, keys of several lines too.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placed } from '../../src/activities/secret-tokens.js';
import { ownedFiles } from '../../src/commands/owned-files.js';
import type { OffsiteSettings } from '../../src/model.js';
import { backupFiles } from '../../src/steps/backup-files.js';
import { farEnd, offsiteFiles } from '../../src/steps/offsite-files.js';
import { KEY, server } from './fixture.js';

const at = (name: string): string => `secret://prod/${name}`;
const offsite: OffsiteSettings = {
  ...{ type: 'sftp', path: 'clincher', provider: 'Other', port: 2222, host: '198.51.100.9', user: 'backup' },
  ...{ key: at('offsite_ssh_key'), access_key: at('a'), secret_key: at('s'), host_keys: [KEY] },
};
const want = (more: Partial<OffsiteSettings> = {}) =>
  server({ backup: { offsite: { ...offsite, ...more } } as never });
const conf = (more: Partial<OffsiteSettings> = {}) => offsiteFiles(want(more))[0]!;
const S3 = { type: 's3', bucket: 'copies', endpoint: 'https://s3.example.com/' } as const;

const PEM = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n';

it('is root’s alone, and holds references', () => {
  expect(conf()).toMatchObject({ mode: '0600', format: 'ini' });
  expect(conf().content).toContain('key_pem=«secret://prod/offsite_ssh_key»\n');
  expect(conf(S3).content).toContain(
    'access_key_id=«secret://prod/a»\nsecret_access_key=«secret://prod/s»\n',
  );
  expect(conf({ type: 'b2', bucket: 'copies' }).content).toContain(
    'account=«secret://prod/a»\nkey=«secret://prod/s»\n',
  );
});

it('believes those host keys and no others, at the port where they are asked', () => {
  const known = (more: Partial<OffsiteSettings>) =>
    offsiteFiles(want(more)).find(({ path }) => path.endsWith('known-hosts'))?.content;
  expect(known({})).toContain(`\n[198.51.100.9]:2222 ${KEY.split(' ').slice(0, 2).join(' ')}\n`);
  expect(known({ port: 22 })).toContain('\n198.51.100.9 ssh-ed25519 ');
  expect(known(S3)).toBeUndefined();
});

it('says where it is, in rclone’s words and in a person’s', () => {
  expect(farEnd(want())).toEqual({
    remote: 'offsite:clincher/prod',
    where: 'sftp://backup@198.51.100.9:2222/clincher/prod',
  });
  expect(farEnd(want(S3))).toEqual({
    remote: 'offsite:copies/clincher/prod',
    where: 's3:https://s3.example.com/copies/clincher/prod',
  });
  const text = (more?: Partial<OffsiteSettings>) => backupFiles(more ? want(more) : server())[1]?.content;
  expect(text(S3)).toContain("OFFSITE='offsite:copies/clincher/prod'\n");
  expect(text({ keep_days: 90 })).toContain('OFFSITE_HALF=.half\nOFFSITE_KEEP_DAYS=90\n');
  expect(text()).toContain("OFFSITE=''\n");
});

it('what is written is what is found, and the host prints hashes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offsite-'));
  const file = { ...conf(), path: join(folder, 'conf') };
  writeFileSync(
    file.path,
    placed(file.content, 'ini', () => PEM),
  );
  const fact = ownedFiles([file]);
  const [program = '', ...words] = fact.read as string[];
  const stdout = execFileSync(program, words, { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const hash = createHash('sha256').update(PEM).digest('hex');
  const found = fact.parse({ stdout, stderr: '', exitCode: 0 }).get(file.path)?.content;
  expect(found?.replace(`«sha256:${hash}»`, '«secret://prod/offsite_ssh_key»')).toBe(file.content);
  expect(stdout).not.toContain('b3BlbnNzaC1rZXk');
});

it.each(['a"b', 'a\\b', '`a', 'a%(b)s', ' a', 'a\tb'])(
  'refuses %j, which rclone would read as another',
  (value) => expect(() => placed('k=«secret://p/k»', 'ini', () => value)).toThrow('rclone'),
);
