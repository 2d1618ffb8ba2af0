// Keys of `convenience`: what is there for people on the server itself. All of it is off by default.
import * as z from 'zod';

const off = (what: string) => z.boolean().default(false).describe(what);

export const convenience = () =>
  z.strictObject({
    shortcuts: off(
      'Whether login shells know `oc-status`, `oc-logs` and the like; `oc-help` lists them. Default false.',
    ),
    uploads: off(
      'Whether there is a folder `uploads` in the stack’s, for files that you and the gateway hand each other; in its workspace it has the same name. Default false.',
    ),
    filebrowser: off(
      'Whether that folder, which is then there too, is shown at `/files/` of the public name, by Filebrowser with a generated password; needs `proxy.kind: caddy`. Its project was archived on 2026-09-01: known holes stay. Default false.',
    ),
  });
