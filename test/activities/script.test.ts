import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  jobBody,
  parseJob,
  parseSurvey,
  quote,
  render,
  surveyScript,
  whole,
} from '../../src/activities/script.js';
import { file } from '../../src/commands/files.js';
import { and, pipe, quiet, redirect, seq } from '../../src/commands/shell.js';

const sh = (script: string): string =>
  execFileSync('sh', ['-s'], { input: script, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
const survey = (...commands: string[]) => parseSurvey(sh(surveyScript(commands, 'n0nce')), 'n0nce');

describe('quoting', () => {
  it('leaves plain words readable', () => expect(quote('/etc/ssh/sshd_config')).toBe('/etc/ssh/sshd_config'));
  it('brings any word through a real shell', () => {
    const words = fc.array(
      fc.string({ unit: 'binary' }).filter((word) => !word.includes('\0')),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(words, (list) => {
        const heard = sh(whole(render(['printf', '%s\\0', ...list])))
          .split('\0')
          .slice(0, -1);
        expect(heard).toEqual(list.map((word) => Buffer.from(word).toString()));
      }),
      { numRuns: 60 },
    );
  });
  it('refuses NUL, which no argument can hold', () => expect(() => quote('a\0b')).toThrow('NUL'));
  it('leaves operators alone and quotes what only looks like one', () => {
    expect(render(pipe(['echo', 'a|b'], ['cat']))).toBe("echo 'a|b' | cat");
    expect(render(and(['true'], seq(['a'], ['b'])))).toBe('true && a ; b');
    expect(render(redirect(quiet(['x']), '/tmp/a b'))).toBe("x 2>/dev/null > '/tmp/a b'");
  });
});

describe('surveys', () => {
  it('reads many commands in one script, in order', () => {
    expect(survey('echo one', 'printf two', 'true')?.map(({ stdout }) => stdout)).toEqual([
      'one\n',
      'two',
      '',
    ]);
  });
  it('keeps exit codes and what was said on stderr', () => {
    expect(survey('echo out; echo why >&2; exit 3')?.[0]).toMatchObject({ stdout: 'out\n', exitCode: 3 });
    expect(survey('echo why >&2; false')?.[0]?.stderr.trim()).toBe('why');
  });
  it('reports a missing tool as 127', () => expect(survey('no-such-tool-here')?.[0]?.exitCode).toBe(127));
  it('does not let one command read the next from stdin', () => {
    expect(survey('cat', 'echo second')?.map(({ stdout }) => stdout)).toEqual(['', 'second\n']);
  });
  it('takes half an answer for none', () => {
    const whole = sh(surveyScript(['echo one', 'echo two'], 'n0nce'));
    expect(parseSurvey(whole.slice(0, -8), 'n0nce')).toBeNull();
    expect(parseSurvey('', 'n0nce')).toBeNull();
  });
  it('keeps answers that look like frames of another nonce', () => {
    expect(survey("printf '\\n@other 0 0\\n'")?.[0]?.stdout).toBe('\n@other 0 0\n');
  });
});

describe('whole scripts', () => {
  it('run not at all when the connection breaks while they are sent', () => {
    const script = whole('echo first\necho second');
    for (let cut = 0; cut < script.length - 2; cut += 1) {
      const said = (() => {
        try {
          return sh(script.slice(0, cut));
        } catch {
          return '';
        }
      })();
      expect(said).toBe('');
    }
  });
});

describe('job bodies', () => {
  it('feed each action its own stdin, any byte of it', () => {
    const content = "it's $HOME `id`\nEOF\n\\n@n0nce end\n";
    expect(sh(jobBody([{ command: ['cat'], stdin: content }]))).toBe(content);
  });
  it('stop at the first failure with its exit code', () => {
    const body = jobBody([
      { command: ['echo', 'one'] },
      { command: ['sh', '-c', 'exit 7'] },
      { command: ['echo', 'two'] },
    ]);
    expect(() => sh(body)).toThrow(expect.objectContaining({ status: 7, stdout: 'one\n' }));
  });
});

describe('job answers', () => {
  it('tell a fresh job from one that a former attempt began', () => {
    const answer = (age: string) => `live\n\n@n 3 ${age}\nlog line\n\n@n end\n`;
    expect(parseJob(answer('new'), 'n')).toEqual({ exitCode: 3, fresh: true, log: 'log line\n' });
    expect(parseJob(answer('old'), 'n')).toMatchObject({ fresh: false });
  });
  it('are nothing when they end early', () => expect(parseJob('live\n\n@n 0 new\nlog', 'n')).toBeNull());
});

describe('files of a survey', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clincher-files-'));
  const at = (name: string, content: string | Buffer, mode = 0o644): string => {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
    return join(folder, name);
  };
  const paths = [
    at('whole', 'one\ntwo\n'),
    at('without-end', 'one', 0o600),
    at('empty', '', 0o4755),
    at('frames', '\n@n0nce end\n.\n'.replaceAll('n0nce', 'other')),
    at('bytes', Buffer.from([0, 1, 255, 10])),
    at('a b', 'quoted\n'),
    join(folder, 'missing'),
    join(folder, 'whole', 'below'),
    folder,
  ];
  const reads = paths.map((path) => render(file(path).read));

  it('are read as stat and cat would, by one process', () => {
    const together = survey('echo before', ...reads, 'echo after');
    const alone = paths.map(
      (path) => survey(render(and(['stat', '-L', '-c', '%a %U %G', '--', path], ['cat', '--', path])))?.[0],
    );
    expect(together?.map(({ stdout, exitCode }) => ({ stdout, exitCode }))).toEqual([
      { stdout: 'before\n', exitCode: 0 },
      ...alone.map((reading) => ({
        stdout: reading?.exitCode === 0 ? reading.stdout : '',
        exitCode: reading?.exitCode,
      })),
      { stdout: 'after\n', exitCode: 0 },
    ]);
    expect(surveyScript(reads, 'n0nce').match(/^perl /gm)).toHaveLength(1);
  });
  it('say that they are missing, which is an answer', () => {
    const [missing] = survey(render(file(join(folder, 'missing')).read)) ?? [];
    expect(file('/x').parse(missing!)).toBeNull();
  });
  it('are unknown when they cannot be read, which is none', () => {
    const [directory] = survey(render(file(folder).read)) ?? [];
    expect(() => file('/x').parse(directory!)).toThrow('Is a directory');
  });
});
