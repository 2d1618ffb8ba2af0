// The lab's tailnet: a control server with its relay and certificate authority, and Tailscale put onto lab hosts.
import { copyFileSync } from 'node:fs';
import type { Say } from '../../../scripts/patiently.js';
import { labCertificate } from '../authority.js';
import { ensureBase, slimPackages } from '../base.js';
import { buildFolder, inFolder, putFiles } from '../build.js';
import { containerOf } from '../container.js';
import { docker, hasImage } from '../docker.js';
import { ensureService, serviceContainer } from '../images/service.js';
import type { LabHost } from '../model.js';
import { addresses, ensureNetwork } from '../network.js';
import { ensurePrograms, type Programs } from './programs.js';

const { address } = addresses(5);
const loginServer = `http://${address}:8080`;
const domain = 'lab.ts.net';

export interface Tailnet {
  /** For `tailscale.login_server`. */
  loginServer: string;
  /** Names of nodes end so. */
  domain: string;
  /** Puts the daemon onto a host as Tailscale's Debian package does, neither enabled nor started. */
  install(host: LabHost): Promise<void>;
  /** A neighbour that is in the tailnet already, without a person; returns its address there. */
  join(host: LabHost): Promise<string>;
  /** What a person does in the browser; returns what the page says. */
  visit(loginUrl: string): Promise<string>;
  /** Certificate of the authority that nodes get theirs from. */
  authority(): Promise<string>;
  remove(): Promise<void>;
}

/** Starts with no nodes: all that it knows is in its memory. */
export async function startTailnet(say: Say): Promise<Tailnet> {
  const programs = await ensurePrograms(say);
  await ensureNetwork();
  const image = await ensureImage(programs, say);
  await docker(['rm', '-fv', serviceContainer('tailnet')]).catch(() => {});
  const { certificateFile, keyFile } = labCertificate('tailnet', [`IP:${address}`]);
  const mounts = [`${certificateFile}:/tls.crt:ro`, `${keyFile}:/tls.key:ro`];
  await ensureService({ name: 'tailnet', address, image, mounts });
  await answers(`${loginServer}/key?v=1`);
  return {
    ...{ loginServer, domain },
    install: (host) => install(host, programs),
    join: (host) => join(host, programs),
    visit,
    authority: async () => (await fetch(`${loginServer}/roots/0`)).text(),
    remove: () => docker(['rm', '-fv', serviceContainer('tailnet')]).then(() => {}),
  };
}

async function ensureImage({ tailnet, version }: Programs, say: Say): Promise<string> {
  const from = await ensureBase('trixie', say, slimPackages);
  const command = JSON.stringify(['/tailnet', '-address', address, '-domain', domain]);
  const tag = `clincher-lab/tailnet:${version}`;
  if (await hasImage(tag)) return tag;
  await inFolder(async (folder) => {
    copyFileSync(tailnet, `${folder}/tailnet`);
    putFiles(folder, { Dockerfile: `FROM ${from}\nCOPY tailnet /\nENTRYPOINT ${command}\n` });
    await buildFolder(tag, folder);
  });
  return tag;
}

/** As in the package, less what wants a distribution's network manager. */
const UNIT = `[Unit]
Description=Tailscale node agent
Wants=network-pre.target
After=network-pre.target

[Service]
EnvironmentFile=/etc/default/tailscaled
ExecStart=/usr/sbin/tailscaled --state=/var/lib/tailscale/tailscaled.state --socket=/run/tailscale/tailscaled.sock --port=\${PORT} $FLAGS
ExecStopPost=/usr/sbin/tailscaled --cleanup
Restart=on-failure
RuntimeDirectory=tailscale
RuntimeDirectoryMode=0755
StateDirectory=tailscale
StateDirectoryMode=0700
Type=notify

[Install]
WantedBy=multi-user.target
`;

/** What the lab adds: which authority certificates are from, and that no log leaves for Tailscale's collector. */
const DEFAULTS = `PORT=41641
FLAGS=
TS_NO_LOGS_NO_SUPPORT=true
TS_DEBUG_ACME_DIRECTORY_URL=https://${address}:14000/dir
`;

async function install(host: LabHost, { tailscale, tailscaled }: Programs): Promise<void> {
  await docker(['cp', tailscale, `${containerOf(host.name)}:/usr/bin/tailscale`]);
  await docker(['cp', tailscaled, `${containerOf(host.name)}:/usr/sbin/tailscaled`]);
  const files = { '/etc/systemd/system/tailscaled.service': UNIT, '/etc/default/tailscaled': DEFAULTS };
  for (const [path, input] of Object.entries(files)) await insist(host, `cat >${path}`, input);
  await insist(host, 'systemctl daemon-reload');
}

const visit = async (url: string): Promise<string> => (await fetch(url)).text();

async function join(host: LabHost, programs: Programs): Promise<string> {
  await install(host, programs);
  const up = `systemctl start tailscaled && systemd-run --quiet --collect tailscale up --accept-dns=false --hostname=${host.name} --login-server=${loginServer}`;
  await insist(host, up);
  const url = `until tailscale status --json | grep -o 'http[^"]*/auth/[^"]*'; do sleep 0.2; done`;
  await visit((await host.exec(url, { timeoutMs: 30_000 })).stdout.trim());
  const { stdout } = await host.exec('until tailscale ip -4; do sleep 0.2; done', { timeoutMs: 30_000 });
  return stdout.trim();
}

async function insist(host: LabHost, line: string, input?: string): Promise<void> {
  const { code, stderr } = await host.exec(line, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`${host.name}: ${line}: ${stderr}`);
}

async function answers(url: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `The lab's tailnet does not answer: ${await docker(['logs', serviceContainer('tailnet')])}`,
  );
}
