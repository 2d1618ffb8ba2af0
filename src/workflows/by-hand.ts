// What only a person can do, in words; each gate has the name of the probe that closes it when the world shows it done.
import type { Server } from '../model.js';
import type { Question } from './gates.js';

type Manual = Omit<Question, 'kind'>;

export const TAILSCALE: Manual = {
  id: 'tailscale-up',
  title: 'Join the server to your tailnet',
  instructions: [
    'Open the login URL below in a browser and approve the device',
    'The gate closes by itself when the node is up',
  ],
};

/** Before the certificate is asked for: an authority that finds no server there stops answering for an hour. */
export const dnsRecord = ({ proxy, firewall, address }: Server): Manual => ({
  id: 'dns-record',
  title: `Let ${proxy.domain} lead to the server`,
  instructions: [
    `At whoever keeps the domain, make a record for ${proxy.domain} that leads to ${address}${firewall.web_sources === 'cloudflare' ? ', proxied' : ''}`,
    'The gate closes by itself when the server sees it',
  ],
});

/** The tunnel's id is in its token alone, so it is the dashboard that shows it. */
export const tunnelRoute = ({ proxy }: Server): Manual => ({
  id: 'tunnel-route',
  title: `Route ${proxy.domain} into the tunnel`,
  instructions: [
    'In Zero Trust, Networks, Tunnels, open the tunnel and add a public hostname',
    `Hostname ${proxy.domain}, service http://openclaw:18789`,
    'The dashboard makes the DNS record itself; by hand it is a proxied CNAME to <tunnel id>.cfargotunnel.com, never an A record',
    'The gate closes by itself when the gateway answers under its public name',
  ],
  links: [
    'https://one.dash.cloudflare.com/',
    'https://developers.cloudflare.com/cloudflare-one/networks/routing-to-tunnel/dns/',
  ],
});
