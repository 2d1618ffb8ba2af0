// Smokescreen itself, where somebody has built it: SMOKESCREEN=/path/to/smokescreen, with the product's own main.go.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { install, type Recipe } from './recipe.js';

const instructions = `${install('netcat-openbsd')}
COPY smokescreen /usr/local/bin/smokescreen
RUN chmod 755 /usr/local/bin/smokescreen
USER 65532:65532
EXPOSE 4750
ENTRYPOINT ["smokescreen"]
`;

export function realSmokescreen(program: string): Recipe {
  const contents = createHash('sha256').update(readFileSync(program)).digest('hex');
  return {
    ...{ repository: 'smokescreen', version: 'built', instructions },
    prepare: {
      ingredients: [contents],
      make: async (folder) => copyFileSync(program, `${folder}/smokescreen`),
    },
  };
}
