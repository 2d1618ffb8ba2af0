// The door by which a monitor reads figures: TLS with a certificate that the monitor knows, and a token; nothing else passes.
import type { Server } from '../model.js';
import { token } from './tokens.js';
import { doorTls } from './watched.js';
import { commented } from './yaml-text.js';

/** Below the stack's folder. */
export const DOOR_FILE = 'config/metrics-door.caddyfile';
export const DOOR_KEY = 'secrets/metrics/door.pem';
export const DOOR_VARIABLE = 'METRICS_TOKEN';
/** Of nobody on any host. */
export const DOOR_USER = '65531';
/** Inside the container alone. */
export const DOOR_HEALTH = 2021;
export const DOOR_PORT = 9443;

/** The paths that the door knows, and whose figures they are. */
export const FIGURES = {
  node: 'openclaw-node-exporter:9100',
  redis: 'openclaw-redis-exporter:9121',
  litellm: 'openclaw-litellm:4000',
} as const;

export type Figures = keyof typeof FIGURES;

export const FIGURE_NAMES = Object.keys(FIGURES) as Figures[];

/** LiteLLM sends whoever asks for /metrics on to /metrics/. */
const pathOf = (name: Figures): string => (name === 'litellm' ? '/metrics/' : '/metrics');

const room = (name: Figures): string => `	handle /${name} {
		rewrite * ${pathOf(name)}
		reverse_proxy ${FIGURES[name]} {
			header_up -Authorization
			header_up -X-Forwarded-*
		}
	}
`;

const HEADING = `The way in for the monitor, and for nobody else. Written by clincher from \`monitoring\` of clincher.yaml.
Whoever has no token learns nothing, not even which figures there are.`;

export const doorFile = (_: Server): string => `${commented(HEADING)}
{
	admin off
	auto_https disable_redirects
	servers {
		protocols h1 h2
	}
}

http://127.0.0.1:${DOOR_HEALTH} {
	bind 127.0.0.1
	respond 200
}

https://:${DOOR_PORT} {
	tls /etc/clincher/door.pem /etc/clincher/door.pem
	@stranger not header Authorization "Bearer {$${DOOR_VARIABLE}}"
	handle @stranger {
		respond 401
	}
${FIGURE_NAMES.map(room).join('')}	handle {
		respond 404
	}
}
`;

export const doorKey = ({ name }: Server): string => token(doorTls(name));
