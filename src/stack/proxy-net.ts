// Fixed addresses between the reverse proxy and the gateway: exactly one of them is believed about whom it speaks for.
import type { Server } from '../model.js';
import { addressIn } from './openclaw-gateway.js';

type Parts = Pick<Server, 'stack'>;

/** From here Tailscale Serve, which runs on the host, reaches the gateway. */
export const hostAddress = ({ stack }: Parts): string => addressIn(stack.proxy_subnet, 1);
export const gatewayAddress = ({ stack }: Parts): string => addressIn(stack.proxy_subnet, 2);
export const proxyAddress = ({ stack }: Parts): string => addressIn(stack.proxy_subnet, 3);

export const GATEWAY_PORT = 18789;
