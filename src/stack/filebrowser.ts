// Filebrowser, which shows the shared folder in a browser: what it is told, and who may log in.
import type { Server } from '../model.js';
import { UPLOADS } from './convenience.js';
import { pinned } from './images.js';
import { bind, FILES_NET, type Service } from './service.js';
import { GATEWAY_USER } from './services-gateway.js';
import { internal, token } from './tokens.js';

export const FILES_PATH = '/files';
export const FILES_PORT = 8080;
export const FILES_USER = 'files';

/** Below the stack's folder. */
export const LOGIN_FILE = 'config/filebrowser-login.sh';
export const PASSWORD_FOLDER = 'secrets/filebrowser';
export const PASSWORD_FILE = `${PASSWORD_FOLDER}/password`;

export const filesPassword = (server: Server): string => token(internal(server, 'filebrowser_password'));

/** It is asked at each login, with what was typed in its environment. */
export const loginProgram = (): string => `#!/bin/sh
# Who may log in to Filebrowser. Written by clincher.
if [ "$USERNAME" = ${FILES_USER} ] && [ "$PASSWORD" = "$(cat /etc/clincher/password)" ]
then echo hook.action=auth
else echo hook.action=block
fi
`;

/** Neither commands nor links for strangers, and no pictures computed out of what others have sent. */
const OPTIONS = [
  ...['--auth.method=hook', '"--auth.command=sh /etc/clincher/login.sh"', '--signup=false'],
  ...['--perm.admin=false', '--perm.execute=false', '--perm.share=false', '--disableExec'],
  ...['--disableThumbnails', '--disablePreviewResize', '--disableImageResolutionCalc'],
  ...['--fileMode=0664', '--dirMode=0775', '--branding.disableExternal'],
  ...[`--baseURL=${FILES_PATH}`, '--address=0.0.0.0', `--port=${FILES_PORT}`, '--root=/srv'],
];

const DATABASE = '--database=/database/files.db';

const start = [
  `umask 002 && filebrowser ${DATABASE} config init ${OPTIONS.join(' ')} >/dev/null`,
  `exec filebrowser ${DATABASE}`,
].join(' && ');

export const filebrowser = (server: Server): Service => ({
  service: 'filebrowser',
  container: 'openclaw-filebrowser',
  image: pinned(server, 'filebrowser'),
  definition: {
    entrypoint: ['sh', '-c', start],
    user: `${GATEWAY_USER}:${GATEWAY_USER}`,
    volumes: [
      bind(`./${UPLOADS}`, '/srv', { writable: true }),
      bind(`./${LOGIN_FILE}`, '/etc/clincher/login.sh'),
      bind(`./${PASSWORD_FILE}`, '/etc/clincher/password'),
    ],
    tmpfs: [
      `/database:size=16m,mode=0700,uid=${GATEWAY_USER},gid=${GATEWAY_USER}`,
      ...['/config:size=1m', '/tmp:size=16m,mode=1777'],
    ],
    networks: { [FILES_NET]: {} },
  },
  notes: {
    entrypoint:
      'What its own database says is written anew at each start: no user, no password and no setting of before is in it.',
    user: 'The gateway’s, so that each reads what the other has written.',
    networks: 'Nobody is here but the reverse proxy, and there is no route out.',
  },
  health: {
    test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${FILES_PORT}/health`],
    startSeconds: 30,
  },
  reads: [LOGIN_FILE, PASSWORD_FILE],
});
