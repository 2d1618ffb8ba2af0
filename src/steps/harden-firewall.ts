// harden.firewall: what no rule admits is dropped, and SSH is there for the admin addresses alone.
import * as iptables from '../commands/iptables.js';
import { action } from '../commands/shell.js';
import { enable, units } from '../commands/systemd.js';
import * as ufw from '../commands/ufw.js';
import type { Change, Server } from '../model.js';
import { SYSCTL_FILE } from './base-sysctl.js';
import { change, defineStep } from './define.js';
import { admitted, bypasses, frame, promised } from './firewall-effect.js';
import { allRules, controlRules, sshRules, tailnetRules } from './firewall-rules.js';

/** ufw brings kernel settings of its own along; pointed at our file it sets ours instead of undoing them. */
const settings = (want: Server): Readonly<Record<string, string>> => ({
  DEFAULT_INPUT_POLICY: 'DROP',
  DEFAULT_OUTPUT_POLICY: 'ACCEPT',
  DEFAULT_FORWARD_POLICY: 'DROP',
  IPV6: want.system.ipv6 ? 'yes' : 'no',
  IPT_SYSCTL: SYSCTL_FILE,
});

/** What the kernel does differently from what the files say. */
function untrue(
  v4: iptables.Tables,
  v6: iptables.Tables,
  rules: readonly ufw.Rule[],
  want: Server,
): string[] {
  const sides = [{ tables: v4, family: 'ufw' as const }];
  const both = want.system.ipv6 ? [...sides, { tables: v6, family: 'ufw6' as const }] : sides;
  return both.flatMap(({ tables, family }) => {
    const live = admitted(tables, family);
    const meant = promised(rules.filter(ufw.admits), family);
    return [
      ...frame(tables, family).map((what) => `${family}: ${what}`),
      ...meant.filter((rule) => !live.includes(rule)).map((rule) => `not in effect: ${rule}`),
      ...live
        .filter((rule) => !meant.includes(rule))
        .map((rule) => `in effect without being asked for: ${rule}`),
    ];
  });
}

/**
 * Once the tailnet's rules stand and SSH is for the tailnet alone, harden.tailnet-only has taken the admin's away. And
 * where no admin address is known, the tailnet is the only way in from the start.
 */
function adminRules(now: readonly ufw.Rule[], want: Server): ufw.Rule[] {
  const overTailnet = tailnetRules(want);
  if (want.ssh.admin_addresses.length === 0) return overTailnet;
  const isMoved =
    want.tailscale.ssh_only && overTailnet.length > 0 && ufw.lacking(now, overTailnet).length === 0;
  return isMoved ? [] : sshRules(want);
}

/** Rules of both families read the same; a long list is in the diff. */
function closing(rules: readonly ufw.Rule[]): Change {
  const names = [...new Set(rules.map(nameOf))];
  const what = `close: ${names.length > 4 ? `${names.length} rules` : names.join('; ')}`;
  const diff = { path: 'ufw', before: names.map((name) => `${name}\n`).join(''), after: '' };
  return { what, diff, run: [ufw.drop(rules.map(({ line }) => line ?? ''))] };
}

const loading = (wrong: readonly string[]): Change =>
  change(`load the rules${wrong.length > 0 ? `: ${wrong.join('; ')}` : ''}`, ufw.test, ufw.reload);

const nameOf = (rule: ufw.Rule): string =>
  [ufw.words(rule), rule.rest, rule.direction === 'in' ? '' : rule.direction].filter(Boolean).join(' ');

export const hardenFirewall = defineStep({
  id: 'harden.firewall',
  title: 'The firewall drops what no rule admits',
  why: 'Every port that answers is looked for by scanners within minutes; SSH is for the admin addresses alone.',
  source: 'guide Step 2; ufw(8); CIS Debian Linux Benchmark 4.2',
  after: [],
  guard: { restore: () => ['/etc/ufw', '/etc/default/ufw'], reload: [ufw.takeUp] },
  wanted: (want) => want.firewall.enabled,
  facts: () => ({ firewall: ufw.state, v4: iptables.v4, v6: iptables.v6, units }),
  plan({ firewall, v4, v6, units: now }, want) {
    const wanted = [...adminRules(firewall.rules, want), ...controlRules(want)];
    const foreign = firewall.rules.filter(
      (rule) => ufw.admits(rule) && !allRules(want).some((ours) => ufw.same(ours, rule)),
    );
    const lacking = ufw.lacking(firewall.rules, wanted).map((rule) => ufw.words(rule));
    const changes: Change[] = [
      ...Object.entries(settings(want))
        .filter(([key, value]) => firewall.defaults.get(key) !== value)
        .map(([key, value]) => change(`/etc/default/ufw: ${key}=${value}`, ufw.setDefault(key, value))),
      ...(lacking.length > 0 ? [change(lacking.join('; '), ufw.batch(...lacking))] : []),
      ...(foreign.length > 0 ? [closing(foreign)] : []),
      ...(now['ufw.service'].atBoot === 'enabled'
        ? []
        : [change('ufw starts at boot', action(...enable('ufw.service')))]),
    ];
    if (!firewall.isEnabled) return [...changes, change('turn the firewall on', ufw.test, ufw.enable)];
    const wrong = changes.length > 0 ? [] : untrue(v4, v6, firewall.rules, want);
    return changes.length + wrong.length === 0 ? [] : [...changes, loading(wrong)];
  },
  notes: ({ firewall, v4, v6 }, want) => [
    ...[v4, v6].flatMap(bypasses).map((rule) => `INPUT has a rule that is not ufw’s: ${rule}`),
    ...firewall.rules
      .filter((rule) => !ufw.admits(rule) && !allRules(want).some((ours) => ufw.same(ours, rule)))
      .map((rule) => `kept, as it lets nobody into this host: ${nameOf(rule)}`),
  ],
});
