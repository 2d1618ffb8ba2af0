// Commands about what was done: an export for somebody else, and its proof.
import { SERVER } from './flags.js';
import type { CommandSpec } from './spec.js';

export const AUDIT: readonly CommandSpec[] = [
  {
    name: 'audit export',
    group: 'Keep',
    summary:
      'Write down what was done to servers, when and by whom, signed, as lines that show when they were tampered with',
    examples: [
      'clincher audit export -s all --out audit.jsonl',
      'clincher audit export -s prod --since 30d > prod.jsonl',
      'clincher audit export -s prod --out prod.jsonl --json',
    ],
    args: [],
    flags: [
      SERVER,
      { flags: '--since <time>', help: 'only of the last 24h, 30d or so (default: all that is kept)' },
      {
        flags: '--out <file>',
        help: 'where it goes, for its owner alone (default: stdout)',
        completes: 'file',
      },
    ],
    load: async () => (await import('../commands/audit-export.js')).auditExport,
  },
  {
    name: 'audit verify',
    group: 'Keep',
    summary:
      'Prove that an audit export is as it was written, or name the first line that is not; needs nothing else',
    examples: [
      'clincher audit verify audit.jsonl',
      'clincher audit verify audit.jsonl --key SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
      'clincher audit verify audit.jsonl --json',
    ],
    args: [{ name: 'file', help: 'what `clincher audit export` wrote' }],
    flags: [{ flags: '--key <key>', help: 'the public key that must have signed it, or its fingerprint' }],
    load: async () => (await import('../commands/audit-verify.js')).auditVerify,
  },
];
