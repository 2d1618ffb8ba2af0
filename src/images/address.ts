// Where the registry of an image is: Docker's shorthands spelled out, plain HTTP on this machine alone.

export interface RegistryAddress {
  /** As people name it: `ghcr.io`, `docker.io`, `10.66.0.3:5000`. */
  registry: string;
  /** Scheme and host of its API. */
  origin: string;
  /** Path of the image there. */
  name: string;
}

const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

export function registryAddress(repository: string): RegistryAddress {
  const [first = '', ...rest] = repository.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (!isHost) return dockerHub(repository);
  if (DOCKER_HUB.includes(first)) return dockerHub(rest.join('/'));
  const scheme = isLoopback(first.replace(/:\d+$/, '')) ? 'http' : 'https';
  return { registry: first, origin: `${scheme}://${first}`, name: rest.join('/') };
}

/** Its own images have no owner in their name, and `library` in their path. */
const dockerHub = (path: string): RegistryAddress => ({
  registry: 'docker.io',
  origin: 'https://registry-1.docker.io',
  name: path.includes('/') ? path : `library/${path}`,
});

export const isLoopback = (host: string): boolean => host === 'localhost' || /^127(\.\d+){3}$/.test(host);
