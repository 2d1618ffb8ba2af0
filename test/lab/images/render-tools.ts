// What judges rendered files: Debian's own tools in one image, and a Caddy that reads the blocks of single sign-on.
import { readFileSync } from 'node:fs';
import { likeTheMachine, putMachine } from './machine.js';
import { install, type Recipe } from './recipe.js';

const packages = [
  ...[
    'openssh-server',
    'sudo',
    'systemd',
    'fail2ban',
    'iptables',
    'docker.io',
    'docker-cli',
    'docker-compose',
  ],
  ...['shellcheck', 'prometheus', 'python3-systemd'],
];

const build = `${likeTheMachine}${install('golang-go')}
RUN cp "$(readlink -f /usr/bin/gofmt)" /gofmt
`;

export const renderTools: Recipe = {
  ...{ repository: 'clincher-render-tools', version: '1', build },
  instructions: `${install(...packages)}
COPY --from=build /gofmt /usr/local/bin/gofmt
RUN mkdir -p /run/sshd
CMD ["sleep", "infinity"]
`,
  prepare: { ingredients: [], make: putMachine },
};

const CADDY = '2.8.4';

const goMod = `module clincher.test/sso

go 1.21

require github.com/caddyserver/caddy/v2 v${CADDY}
`;

export const caddySso: Recipe = {
  ...{ repository: 'caddy-sso-stand-in', version: '1' },
  build: `${likeTheMachine}${install('golang-go')}
COPY sso /sso
RUN cd /sso && CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false go build -mod=mod -trimpath -ldflags='-s -w' -o /caddy .
`,
  instructions: `COPY --from=build /caddy /usr/bin/caddy
LABEL clincher.lab.stand-in="caddy-security"
CMD ["sleep", "infinity"]
`,
  files: () => ({
    'sso/main.go': readFileSync(new URL('./render/sso.go', import.meta.url), 'utf8'),
    'sso/go.mod': goMod,
  }),
  prepare: { ingredients: [], make: putMachine },
};
