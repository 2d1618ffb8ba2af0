// Where the page listens, and the addresses by which people may come to it: loopback or the tailnet, never all the world.
import { isPageAddress } from '../config/network.js';
import { ClincherError } from '../errors.js';

export interface Place {
  host: string;
  port: number;
  /** Where it listens, as an address of the web. */
  own: string;
  /** A request from a page of any other origin is refused. */
  origins: readonly string[];
  /** What links begin with. */
  url: string;
}

/** Undefined: the page is off, as it is unless somebody turns it on. */
export function pagePlace(env: NodeJS.ProcessEnv): Place | undefined {
  const at = env['CLINCHER_PAGE'];
  if (!at) return undefined;
  if (!isPageAddress(at))
    throw new ClincherError('PAGE_REFUSED', `The page does not listen on ${at}.`, {
      remedy: [
        'in clincher.yaml: control_plane.page: 127.0.0.1:7288, or the worker’s address in the tailnet',
      ],
    });
  const own = new URL(`http://${at}`);
  const far = env['CLINCHER_PAGE_URL'];
  const named = far ? [new URL(far).origin] : [];
  const local = isLoopback(own.hostname) ? [new URL(`http://localhost:${portOf(own)}`).origin] : [];
  return {
    host: own.hostname.replace(/^\[|\]$/g, ''),
    port: portOf(own),
    own: own.origin,
    origins: [...named, own.origin, ...local],
    url: named[0] ?? own.origin,
  };
}

/** `URL` leaves a scheme's own port out. */
const portOf = ({ port }: URL): number => Number(port || 80);

const isLoopback = (host: string): boolean => host === '127.0.0.1' || host === '[::1]';
