// The images that hold one script of ours and Node: nobody's user, nothing to write.
import { bundle } from './bundle.js';
import { nodeBase, nodeOfStandIns } from './node.js';
import { install, type Recipe } from './recipe.js';

interface StandIn {
  repository: string;
  version: string;
  /** The command in the image. */
  command: string;
  entry: string;
  packages?: string[];
  more: string[];
}

function standIn({ repository, version, command, entry, packages, more }: StandIn): Recipe {
  const lines = [
    ...(packages ? [install(...packages)] : []),
    `COPY ${command} /usr/local/bin/${command}`,
    `RUN chmod 755 /usr/local/bin/${command}`,
    `LABEL clincher.lab.stand-in="${command}"`,
    'USER 65534:65534',
    ...more,
  ];
  return {
    ...{ repository, version, from: nodeBase(nodeOfStandIns), instructions: `${lines.join('\n')}\n` },
    files: () => ({ [command]: `#!/usr/local/bin/node\n${bundle(entry)}` }),
  };
}

/** nc is for a health check: the proxy has no page of its own. */
export const smokescreen = standIn({
  ...{ repository: 'smokescreen-stand-in', version: '1', command: 'smokescreen', entry: 'egress/main.ts' },
  ...{ packages: ['netcat-openbsd'], more: ['EXPOSE 4750', 'ENTRYPOINT ["smokescreen"]'] },
});

export const models = standIn({
  ...{ repository: 'model-server', version: '1', command: 'model-server', entry: 'models/main.ts' },
  more: ['EXPOSE 8080', 'ENTRYPOINT ["model-server"]'],
});

export const cloudflared = standIn({
  ...{ repository: 'cloudflared-stand-in', version: '1', command: 'cloudflared', entry: 'tunnel/main.ts' },
  more: ['ENTRYPOINT ["cloudflared", "--no-autoupdate"]', 'CMD ["version"]'],
});
