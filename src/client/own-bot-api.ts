// Where a bot's token is asked about: at the Bot API server of one's own that a server of the configuration names for it.
import type { Config } from '../config/load.js';
import { views } from '../stack/partitions.js';

/** Nothing: at Telegram's. */
export const ownBotApi = (config: Config | undefined, ref: string | undefined): string | undefined =>
  Object.values(config?.servers ?? {})
    .flatMap(views)
    .map(({ channels }) => channels.telegram)
    .find(({ token, api_root }) => token === ref && api_root !== undefined)?.api_root;
