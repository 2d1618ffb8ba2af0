// Secret references: the only form in which a secret may stand in a configuration, a plan or a history.

export type Reference =
  | { kind: 'vault'; server: string; name: string }
  | { kind: 'env'; variable: string }
  | { kind: 'file'; path: string }
  | { kind: 'exec'; words: string[] };

/** The owner of secrets that several servers use: `secret://shared/anthropic_api_key`. */
export const SHARED = 'shared';

const SCHEME = /^(?:secret:\/\/|env:|file:|exec:)/;
const SERVER = /^[a-z][a-z0-9-]{0,29}$/;
const NAME = /^[a-z][a-z0-9_]{0,59}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** True for text that begins like a reference, be it a good one or not. */
export const looksLikeReference = (text: string): boolean => SCHEME.test(text);

export const vaultReference = (server: string, name: string): string => `secret://${server}/${name}`;

/** The reference, or a sentence that says what is wrong with it. The sentence never holds the text itself. */
export function parseReference(text: string): Reference | { problem: string } {
  if (/[\0\r\n]/.test(text)) return { problem: 'a reference is one line' };
  if (text.startsWith('secret://')) return parseVault(text.slice('secret://'.length));
  if (text.startsWith('env:')) return parseEnv(text.slice('env:'.length));
  if (text.startsWith('file:')) return parseFile(text.slice('file:'.length));
  if (text.startsWith('exec:')) return parseExec(text.slice('exec:'.length));
  return { problem: 'a reference begins with secret://, env:, file: or exec:' };
}

function parseVault(rest: string): Reference | { problem: string } {
  const [server, name, ...more] = rest.split('/');
  if (server === undefined || name === undefined || more.length > 0)
    return { problem: 'write it as secret://<server>/<name>' };
  if (!SERVER.test(server))
    return { problem: `the part after secret:// is a server's name or \`${SHARED}\`` };
  if (!NAME.test(name))
    return { problem: 'a secret name is lower-case letters, digits and _, and begins with a letter' };
  return { kind: 'vault', server, name };
}

function parseEnv(variable: string): Reference | { problem: string } {
  if (!VARIABLE.test(variable)) return { problem: 'after env: comes the name of one environment variable' };
  return { kind: 'env', variable };
}

function parseFile(path: string): Reference | { problem: string } {
  return path.trim() === '' ? { problem: 'after file: comes a path' } : { kind: 'file', path };
}

function parseExec(line: string): Reference | { problem: string } {
  const words = splitWords(line);
  if (words === undefined) return { problem: 'the command after exec: has a quote that is never closed' };
  return words.length === 0 ? { problem: 'after exec: comes a command' } : { kind: 'exec', words };
}

/**
 * Words of a command line: blanks separate, quotes join, a backslash takes the next character as it is.
 * No shell runs it, so that nothing else has a meaning; who needs a pipe writes `exec:sh -c '…'`.
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  const piece = /\s*(?:$|((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+))/sy;
  while (piece.lastIndex < line.length) {
    const match = piece.exec(line);
    if (match === null) return undefined;
    if (match[1] !== undefined) words.push(unquote(match[1]));
  }
  return words;
}

function unquote(word: string): string {
  return word.replace(
    /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs,
    (_, escaped, single, double) => escaped ?? single ?? (double as string).replace(/\\(["\\])/g, '$1'),
  );
}
