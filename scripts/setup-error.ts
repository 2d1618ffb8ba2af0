// What this machine lacks, told so that a person can mend it; callers print the message alone and exit with 1.
export class SetupError extends Error {
  override name = 'SetupError';
  readonly exitCode = 1;
}
