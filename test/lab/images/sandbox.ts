// What an agent's commands run in: a shell, Python, and a user without rights; it waits to be told what to run.
import { install, type Recipe } from './recipe.js';

const instructions = `${install('python3-minimal')}
RUN useradd --create-home --shell /bin/bash sandbox
USER sandbox
WORKDIR /home/sandbox
CMD ["sleep", "infinity"]
`;

export const sandbox: Recipe = { repository: 'openclaw-sandbox', version: 'bookworm-slim', instructions };
