// monitoring.uptime-kuma: it has an owner, and a check of each gateway that has a public name.
import { type KumaCheck, kumaName, kumaNow, makeKumaChecks } from '../commands/uptime-kuma.js';
import type { Server } from '../model.js';
import { monitorFolder } from '../monitoring/places.js';
import { isMonitor, watchedBy } from '../stack/watched.js';
import { change, defineStep } from './define.js';

const password = (want: Server): string => `${monitorFolder(want)}/kuma/password`;

const wanted = (want: Server): KumaCheck[] =>
  watchedBy(want).flatMap(({ name, domain, isInternal }) =>
    domain === undefined
      ? []
      : [{ name: kumaName(name), url: `https://${domain}/healthz`, ignoreTls: isInternal }],
  );

export const monitoringKuma = defineStep({
  id: 'monitoring.uptime-kuma',
  title: 'Uptime Kuma has an owner, and looks at each gateway by its public name',
  why: 'Whoever opens a Kuma without an owner first becomes it; and one without checks is green whatever happens.',
  source: 'guide Step 13.4, option B',
  wanted: (want) => isMonitor(want) && want.monitoring.uptime_kuma,
  facts: (want) => ({ now: kumaNow(password(want)) }),
  plan({ now }, want) {
    const lacking = wanted(want).filter(
      (each) =>
        !now?.checks.some(
          ({ name, url, ignoreTls, isActive }) =>
            name === each.name && url === each.url && ignoreTls === each.ignoreTls && isActive,
        ),
    );
    if (now?.isSetUp === true && lacking.length === 0) return [];
    const said = [
      ...(now?.isSetUp === true ? [] : ['an owner, `admin`']),
      ...lacking.map(({ url }) => `a check of ${url}`),
    ];
    return [change(`give Uptime Kuma ${said.join(' and ')}`, makeKumaChecks(wanted(want), password(want)))];
  },
});
