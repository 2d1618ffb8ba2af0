// What there is for people on the server itself. Runs that were started before there was such a thing know nothing of it.
import type { ConvenienceSettings, Server } from '../model.js';

/** Of a partition, which nobody logs in to. */
export const NO_CONVENIENCE: ConvenienceSettings = { shortcuts: false, uploads: false, filebrowser: false };

type Parts = Pick<Server, 'convenience'>;

export const hasShortcuts = ({ convenience }: Parts): boolean => convenience?.shortcuts === true;

export const hasFilebrowser = ({ convenience }: Parts): boolean => convenience?.filebrowser === true;

/** A page without files would show nothing. */
export const hasUploads = (server: Parts): boolean =>
  server.convenience?.uploads === true || hasFilebrowser(server);

/** Below the stack's folder. */
export const UPLOADS = 'uploads';

/** In the gateway: it looks at nothing outside of its workspace (tools.fs.workspaceOnly). */
export const UPLOADS_MOUNT = '/home/node/.openclaw/workspace/uploads';
