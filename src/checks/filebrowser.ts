// Checks of the page of the shared folder: before it is shown to the web, and where it is.
import { dockerNow } from '../commands/docker-api.js';
import { type FilesNow, filebrowserNow } from '../commands/filebrowser.js';
import type { Server } from '../model.js';
import { hasFilebrowser } from '../stack/convenience.js';
import { FILES_PATH, FILES_PORT, FILES_USER, filebrowser } from '../stack/filebrowser.js';
import { proxyAddress } from '../stack/proxy-net.js';
import { defineCheck, rerun, runsGateway, unless } from './define.js';
import { intrusions, wiring } from './network.js';
import { find, well, wrongImage } from './services.js';
import { each, holes, misplaced, unlimited } from './walls.js';

const STEPS = 'stack.*,convenience.*';

const wanted = (server: Server): boolean => runsGateway(server) && hasFilebrowser(server);

const ask = ({ stack }: Server) => ({
  ...{ directory: stack.directory, container: 'openclaw-filebrowser', port: FILES_PORT },
  ...{ path: FILES_PATH, user: FILES_USER },
});

const open = (now: FilesNow): string[] => [
  ...(now.stranger === 401 ? [] : [`without a login it answers ${now.stranger}, should be 401`]),
  ...(now.admin === 403 ? [] : [`admin with the password admin is answered ${now.admin}, should be 403`]),
  ...(now.wrongPassword === 403 ? [] : [`a wrong password is answered ${now.wrongPassword}, should be 403`]),
  ...(now.rightPassword === 200
    ? []
    : [`the right password is answered ${now.rightPassword}, should be 200`]),
  ...(now.rightPassword !== 200 || now.list === 200 ? [] : [`logged in, the files are answered ${now.list}`]),
  ...(now.rightPassword !== 200 || now.settings === 403
    ? []
    : [`logged in, its settings are answered ${now.settings}: that is an administrator`]),
];

export const filesWalls = defineCheck({
  id: 'verify.filebrowser',
  title: 'Filebrowser runs, is healthy, and stands behind its walls',
  why: 'Nobody mends its program any more: what gets in by a hole of it must find nothing but the shared folder.',
  source: 'guide Step 11.5; https://github.com/filebrowser/filebrowser/security/advisories',
  vantage: 'host',
  wanted,
  facts: () => ({ docker: dockerNow }),
  judge({ docker }, server) {
    const service = filebrowser(server);
    const state = well(docker, [service], server, STEPS);
    if (state.verdict !== 'pass') return state;
    const walls = each(docker, [service]).flatMap((pair) => [
      ...unlimited(pair, server),
      ...holes(pair, server),
      ...misplaced(pair, server),
    ]);
    const wrong = [
      ...wrongImage(find(docker, service), service),
      ...walls,
      ...wiring(docker, [service]),
      ...intrusions(docker, [service]),
    ];
    return unless(wrong, 'healthy, walled and wired as configured', rerun(server, STEPS));
  },
});

export const filesLogin = defineCheck({
  id: 'verify.filebrowser-login',
  title: 'Filebrowser lets in who knows the generated password, and as no administrator',
  why: 'The guide’s page opens with admin/admin, and is shown to the web at once; the proxy shows this one when it has passed.',
  source: 'guide Step 11.5; https://filebrowser.org/authentication',
  vantage: 'host',
  wanted,
  facts: (server) => ({ files: filebrowserNow(ask(server)) }),
  judge: ({ files: now }, server) => unless(open(now), said(now), rerun(server, STEPS)),
});

const said = ({ stranger, admin, rightPassword, settings }: FilesNow): string =>
  `nobody ${stranger}, admin/admin ${admin}, the generated password ${rightPassword}, its settings ${settings}`;

export const filesExposed = defineCheck({
  id: 'exposed.filebrowser',
  title: 'Filebrowser is shown by the reverse proxy, and there too to nobody without the password',
  why: 'A route that takes the path away, as the guide’s does, shows a page that finds none of its files.',
  source: 'guide Step 11.5; https://caddyserver.com/docs/caddyfile/directives/handle',
  vantage: 'host',
  // Behind single sign-on a program is asked to sign on first.
  wanted: (server) => wanted(server) && server.proxy.kind === 'caddy' && !server.proxy.oidc.enabled,
  facts: (server) => ({
    filesShown: filebrowserNow({
      ...ask(server),
      through: { address: proxyAddress(server), name: server.proxy.domain ?? '' },
    }),
  }),
  judge: ({ filesShown: now }, server) =>
    unless(
      open(now),
      `https://${server.proxy.domain}${FILES_PATH}/: ${said(now)}`,
      rerun(server, `${STEPS},proxy.*`),
    ),
});
