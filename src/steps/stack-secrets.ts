// stack.secrets: tokens of the gateway stand in a file of its own.
import { fileStep } from './stack-file-step.js';

export const stackSecrets = fileStep({
  id: 'stack.secrets',
  title: 'Tokens of the gateway stand in a file of its own',
  why: 'OpenClaw reads them by reference, so that none of them stands in its configuration, its environment or its backups by accident.',
  source: 'guide Step 5; docs.openclaw.ai/gateway/secrets',
  owns: (path) => /\/(secrets\.json|door\.pem|filebrowser\/password)$/.test(path),
});
