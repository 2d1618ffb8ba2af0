// provision: from a server that nobody touched to a hardened, proved host.
import type { RunInput, RunState } from '../model.js';
import { Run } from './run.js';

export async function provision(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'provision');
  return run.tell(async () => {
    await run.converge('base');
    await run.converge('harden.host');
    if (run.server.tailscale.enabled) {
      await run.manual('tailscale-up', TAILSCALE);
      await run.converge('harden.tailnet');
    }
    const { telegram } = run.server.channels;
    if (telegram.enabled) await run.secret(telegram.token, TELEGRAM);
  });
}

const TAILSCALE = {
  id: 'tailscale-up',
  title: 'Join the server to your tailnet',
  instructions: [
    'Open the login URL below in a browser and approve the device',
    'The gate closes by itself when the node is up',
  ],
};

const TELEGRAM = {
  id: 'telegram-token',
  title: 'Paste the token BotFather gave you',
  instructions: ['In Telegram open @BotFather and send /newbot', 'Copy the token it prints'],
  links: ['https://t.me/BotFather'],
  shape: 'telegram-bot-token',
};
