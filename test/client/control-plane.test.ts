// What `run control-plane` asks of clincher.yaml before anything is contacted, and what it makes of it for the other machine.
import { expect, it } from 'vitest';
import { carriedKeys, checkControlPlane, movedText } from '../../src/client/commands/run-control-plane.js';
import { type Config, parseConfig, resolveServer } from '../../src/config/load.js';
import { findRunbook } from '../../src/workflows/catalog.js';

const IMAGE = `registry.example.com/clincher:0.1.0@sha256:${'ab'.repeat(32)}`;
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHODc/sW8FymTq8zYxCzR0ekUzLHjJdom4gLPhzHx7m5 you@home';

interface Written {
  image?: string | undefined;
  admin?: string;
  identity?: string;
  more?: string;
}

const text = ({ image = IMAGE, admin = '198.51.100.20', identity = '~/.ssh/id', more = '' }: Written = {}) =>
  `# ours
version: 1
defaults:
  stack: { enabled: false }
  ssh:
    authorized_keys: ['${KEY}']
    admin_addresses: ['${admin}']
    ${identity === '' ? 'agent: true' : `identity_file: ${identity}`}
servers:
  prod:
    address: 203.0.113.7  # in the cellar
${more}  tower:
    address: 198.51.100.20
    role: monitor
control_plane:
  address: 127.0.0.1:7233
${image === '' ? '' : `  image: ${image}\n`}secrets:
  vault: ./here.age
`;

const place = { cwd: '/home/you', env: { HOME: '/home/you' } };
const config = (written: Written = {}): Config =>
  parseConfig(text(written), '/home/you/clincher.yaml', place);
const book = findRunbook('control-plane')!;

const refusal = (written: Written, name = 'tower'): string => {
  const read = config(written);
  try {
    checkControlPlane(read, book, [resolveServer(read, name)]);
    return '';
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  }
};

it('a monitor that every server lets in is fine', () => expect(refusal({})).toBe(''));

it.each<[string, Written, string, RegExp]>([
  ['a primary', {}, 'prod', /USAGE prod is one of those that a control plane repairs and fails over/],
  ['no image', { image: '' }, 'tower', /NO_WORKER_IMAGE .*control_plane\.image is not set/],
  [
    'a closed door',
    { admin: '192.0.2.1' },
    'tower',
    /prod lets nobody in who comes from tower \(198\.51\.100\.20\)/,
  ],
  ['keys of an agent', { identity: '' }, 'tower', /servers\.prod has no ssh\.identity_file/],
  [
    'a secret of this machine',
    { more: '    ssh: { sudo_password: "env:SUDO" }\n' },
    'tower',
    /servers\.prod\.ssh\.sudo_password is read on this machine \(env:\)/,
  ],
])('%s is refused, and it says why', (_, written, name, said) =>
  expect(refusal(written, name)).toMatch(said),
);

it('a tag without a digest is refused where it stands', () =>
  expect(() => config({ image: 'registry.example.com/clincher:0.1.0' })).toThrow(/tag and digest/));

it('there, keys and vault lie beside it, and nothing else has changed', () => {
  const read = config();
  const servers = [resolveServer(read, 'prod'), resolveServer(read, 'tower')];
  const keys = carriedKeys(servers);
  expect(keys).toEqual([{ from: '/home/you/.ssh/id', to: '/srv/clincher/keys/id' }]);
  const moved = movedText(text(), servers, keys);
  const there = parseConfig(moved, '/srv/clincher/clincher.yaml', { cwd: '/srv/clincher', env: {} });
  expect(resolveServer(there, 'prod').ssh.identity_file).toBe('/srv/clincher/keys/id');
  expect(there.secrets.vault).toBe('/srv/clincher/clincher.vault.age');
  expect([there.control_plane.image, there.control_plane.address]).toEqual([IMAGE, undefined]);
  expect(moved).toContain('# in the cellar');
});

it('where nothing is of this machine alone, nothing is taken out', () => {
  const bare = text().replace(/control_plane:[\s\S]*/, '');
  const servers = [resolveServer(parseConfig(bare, '/home/you/clincher.yaml', place), 'prod')];
  expect(movedText(bare, servers, carriedKeys(servers))).toContain('# ours');
});

it('two keys that are called the same do not become one', () => {
  const at = (identity_file: string) => {
    const server = resolveServer(config(), 'prod');
    return { ...server, ssh: { ...server.ssh, identity_file } };
  };
  const keys = carriedKeys([at('/a/id'), at('/b/id'), at('/a/id')]);
  expect(keys.map(({ to }) => to)).toEqual(['/srv/clincher/keys/id', '/srv/clincher/keys/id-2']);
});
