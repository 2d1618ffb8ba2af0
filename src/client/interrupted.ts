// Ctrl-C while something was only read: nothing goes on that anybody need know of.
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
