// Coded errors of moving to another control plane: the part of errors.ts that is theirs.
import { type ErrorKind, kind } from './error-kind.js';

export const CONTROL_ERRORS = {
  NO_WORKER_IMAGE: kind(
    2,
    false,
    'clincher.yaml names no image for the workers of the control plane, and there is none that is public.',
    'docker build -t registry.example.com/clincher:0.1.0 . && docker push registry.example.com/clincher:0.1.0',
    'in clincher.yaml: control_plane.image: registry.example.com/clincher:0.1.0@sha256:… (as the push says it)',
  ),
  NOT_MOVED: kind(
    1,
    false,
    'The other control plane is not in charge of every server; schedules of those that it has not got go on here.',
    'clincher logs {run}',
    'the same again: it goes on where it was',
  ),
} as const satisfies Record<string, ErrorKind>;
