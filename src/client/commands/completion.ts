// `clincher completion <shell>`: prints a script that asks `clincher completion complete …` on TAB.
import { ERRORS } from '../../errors.js';
import { CATALOG } from '../../workflows/catalog.js';
import { complete, type Names } from '../complete.js';
import type { Command } from '../deps.js';
import { GLOBAL } from '../grammar/flags.js';
import { COMMANDS } from '../grammar/index.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { recentRuns } from '../recent.js';
import { TOPICS } from '../topics.js';

export interface CompletionOptions {
  shell: 'bash' | 'zsh' | 'fish';
}

const ASK = 'clincher --complete';

const SCRIPTS: Readonly<Record<CompletionOptions['shell'], string>> = {
  bash: `_clincher() {
  local IFS=$'\\n'
  COMPREPLY=($(${ASK} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && compopt -o default 2>/dev/null
}
complete -F _clincher clincher
`,
  zsh: `#compdef clincher
_clincher() {
  local -a found
  found=("\${(@f)$(${ASK} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[*]}" ]]; then compadd -a found; else _files; fi
}
if [[ "\${funcstack[1]}" == _clincher ]]; then _clincher "$@"; else compdef _clincher clincher; fi
`,
  fish: `function __clincher_complete
  set -l words (commandline -opc) (commandline -ct)
  ${ASK} $words[2..-1] 2>/dev/null
end
complete -c clincher -f -a '(__clincher_complete)'
complete -c clincher -l config -r -F
complete -c clincher -l secret-file -r -F
`,
};

export const completion: Command<CompletionOptions> = async (io, { shell }) => {
  io.out(SCRIPTS[shell]);
  return 0;
};

/** What the scripts call. Says nothing at all rather than an error: a TAB must not spoil the line. */
export async function answerTab(
  io: Io,
  options: Pick<GlobalOptions, 'config'>,
  words: readonly string[],
): Promise<number> {
  try {
    const found = await complete(COMMANDS, GLOBAL, words, namesOf(io, options));
    if (found.length > 0) io.out(`${found.join('\n')}\n`);
  } catch {}
  return 0;
}

const namesOf = (io: Io, options: Pick<GlobalOptions, 'config'>): Names => ({
  servers: async () => {
    const [{ configOf }, { serverNames }] = await Promise.all([
      import('../servers.js'),
      import('../../config/load.js'),
    ]);
    return serverNames(configOf(io, options));
  },
  runs: async () => recentRuns(io.env).map((run) => run.run),
  runbooks: async () => CATALOG.map((book) => book.name),
  steps: async () => (await import('../../steps/index.js')).STEPS.map((step) => step.id),
  topics: async () => [
    ...Object.keys(TOPICS),
    ...COMMANDS.map((spec) => spec.name.split(' ')[0]!),
    ...Object.keys(ERRORS),
  ],
});
