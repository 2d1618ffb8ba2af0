// Commands about the command line itself.
import type { CommandSpec } from './spec.js';

export const SHELL: readonly CommandSpec[] = [
  {
    name: 'completion',
    group: 'Shell',
    summary: 'Print the completion script of a shell',
    examples: [
      'clincher completion bash > ~/.local/share/bash-completion/completions/clincher',
      'clincher completion zsh > "${fpath[1]}/_clincher"',
      'clincher completion fish > ~/.config/fish/completions/clincher.fish',
    ],
    args: [{ name: 'shell', help: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] }],
    flags: [],
    load: async () => (await import('../commands/completion.js')).completion,
  },
  {
    name: 'help',
    group: 'Shell',
    summary: 'Explain a command, or one of exit-codes, environment, output, connection',
    examples: ['clincher help run', 'clincher help exit-codes', 'clincher help environment'],
    args: [
      { name: 'topic', help: 'a command or a topic', isOptional: true, isVariadic: true, completes: 'topic' },
    ],
    flags: [],
    load: async () => (await import('../commands/help.js')).help,
  },
];
