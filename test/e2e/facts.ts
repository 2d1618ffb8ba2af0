// Everything that can be read of a host, so that two hosts can be held against each other word by word.
import { commandsOf } from '../../src/activities/evaluate.js';
import { parseSurvey, render, surveyScript } from '../../src/activities/script.js';
import type { Command, Server } from '../../src/model.js';
import { STEPS } from '../../src/steps/index.js';
import type { LabHost } from '../lab/lab.js';

const sh = (line: string): Command => ['sh', '-c', line];

/** What each host has of its own by nature: named, so that nothing else can hide behind it. */
export const OWN_FILES = [
  '/etc/hostname',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/machine-id',
  '/etc/docker/key.json',
  '/etc/ssh/ssh_host_*',
  '/etc/ssl/certs/ssl-cert-snakeoil.pem',
  '/etc/ssl/private/ssl-cert-snakeoil.key',
];

const notOwn = OWN_FILES.map((path) => `! -path '${path}'`).join(' ');

const TREES: readonly [string, Command][] = [
  ['packages', ['dpkg-query', '-W', '-f', '${Package} ${Version} ${db:Status-Abbrev}\n']],
  ['/etc: contents', sh(`find /etc -type f ${notOwn} -exec sha256sum {} + | sort -k2`)],
  ['/etc: owners and modes', sh("find /etc -printf '%M %u:%g %p -> %l\\n' | sort -k3")],
  ['users', ['getent', 'passwd']],
  ['groups', ['getent', 'group']],
  ['units at boot', sh('systemctl list-unit-files --no-legend --no-pager | sort')],
  [
    'units up',
    sh(
      'systemctl list-units --no-legend --plain --no-pager --type=service,socket,timer | cut -d" " -f1 | sort',
    ),
  ],
  ['failed units', sh('systemctl list-units --failed --no-legend --plain --no-pager')],
  ['iptables', sh('iptables-save')],
  ['ip6tables', sh('ip6tables-save')],
  ['listeners', sh("ss -Hltn | awk '{print $4}' | sort -u")],
  ['home folders', sh("find /home /root /opt -printf '%M %u:%g %p\\n' | sort -k3")],
  ['guards left', sh('ls -A /var/lib/clincher /var/lib/clincher/guard 2>/dev/null')],
];

/** Name of the reading → what it said, without what differs from boot to boot. */
export async function factsOf(host: LabHost, server: Server): Promise<Map<string, string>> {
  const surveyed = [...new Set(commandsOf(STEPS, server).map(render))];
  const named: [string, string][] = [
    ...TREES.map(([name, command]): [string, string] => [name, render(command)]),
    ...surveyed.map((line): [string, string] => [`fact: ${line.slice(0, 100)}`, line]),
  ];
  const nonce = 'facts';
  const script = surveyScript(
    named.map(([, line]) => line),
    nonce,
  );
  const { stdout, stderr } = await host.exec('sh -s', { input: script, timeoutMs: 120_000 });
  const readings = parseSurvey(stdout, nonce);
  if (!readings) throw new Error(`${host.name} gave no facts: ${stderr}`);
  const texts = readings.map((one) => `exit ${one.exitCode}\n${neutral(one.stdout, host)}`);
  return new Map(named.map(([name], i) => [name, texts[i] ?? '']));
}

/** Counters, times, ids and the host's own name and addresses mean nothing here. */
function neutral(text: string, { name, address, address6 }: LabHost): string {
  const own = text
    .replaceAll(name, 'HOST')
    .replaceAll(address6 ?? '\0', 'ADDRESS6')
    .replace(new RegExp(`${address.replaceAll('.', '\\.')}(?!\\d)`, 'g'), 'ADDRESS');
  return CHANCE.reduce((sofar, [pattern, word]) => sofar.replace(pattern, word), own)
    .replace(/"ignoreip": ?\[([^\]]*)\]/, (_, list: string) => list.split(/, ?/).sort().join())
    .replace(/[ \t]+/g, ' ');
}

/** What is another on each boot: the lab's own name server, the port that containerd lets the kernel choose. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/\[\d+:\d+\]/g, '[]'],
  [/^# (Generated|Completed).*$/gm, ''],
  [/^.*127\.0\.0\.11.*$/gm, 'NAMESERVER'],
  [/127\.0\.0\.1:[345]\d{4}/g, '127.0.0.1:CHOSEN'],
  [/"(ID|SystemTime)":"[^"]*"/g, '$1'],
  [/"(NFd|NGoroutines)":\d+/g, '$1'],
  [/\b(pid|fd|ino)[=:]\d+/g, '$1'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*/g, 'TIME'],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, 'MAC'],
  [/\bfe80::[0-9a-f:]+/g, 'LINKLOCAL'],
  [/(Timestamp\w*)=.*/g, '$1='],
];

export interface Difference {
  name: string;
  /** Lines that only one of both has. */
  lines: string[];
}

export function differences(a: Map<string, string>, b: Map<string, string>): Difference[] {
  return [...a].flatMap(([name, text]) => {
    const lines = lineDiff(text, b.get(name) ?? '');
    return lines.length > 0 ? [{ name, lines }] : [];
  });
}

function lineDiff(a: string, b: string): string[] {
  const [left, right] = [a.split('\n'), b.split('\n')];
  return [
    ...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`),
    ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`),
  ];
}
