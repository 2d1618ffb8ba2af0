// Caddy from its Go module, laid out as the official image is.
import { likeTheMachine, putMachine } from './machine.js';
import { install, type Recipe } from './recipe.js';

const build = (version: string): string => `${likeTheMachine}${install('golang-go')}
RUN CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false go install -trimpath -ldflags='-s -w -X github.com/caddyserver/caddy/v2.CustomVersion=v${version}' github.com/caddyserver/caddy/v2/cmd/caddy@v${version}
`;

const caddyfile = `:80 {
	root * /usr/share/caddy
	file_server
}
`;

const instructions = `${install('ca-certificates', 'wget')}
COPY --from=build /root/go/bin/caddy /usr/bin/caddy
COPY Caddyfile /etc/caddy/Caddyfile
RUN mkdir -p /config/caddy /data/caddy /srv /usr/share/caddy
ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data
EXPOSE 80 443 443/udp 2019
WORKDIR /srv
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
`;

export function caddy(version: string): Recipe {
  return {
    ...{ repository: 'caddy/caddy', version: `${version}-alpine`, build: build(version), instructions },
    files: () => ({ Caddyfile: caddyfile }),
    prepare: { ingredients: [], make: putMachine },
  };
}
