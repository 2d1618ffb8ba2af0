// A headless Chromium by its own protocol (DevTools), over a pipe: no port that anybody could reach.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

type Tree = Record<string, unknown>;

interface Answered {
  id?: number;
  result?: Tree;
  error?: { message: string };
}

const FLAGS = [
  ...['--headless', '--no-sandbox', '--remote-debugging-pipe', '--disable-gpu', '--hide-scrollbars'],
  ...['--disable-dev-shm-usage', '--user-data-dir=/tmp/profile', '--force-color-profile=srgb'],
];

export class Tab {
  readonly #browser: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answered) => void>();
  #session: string | undefined;
  #asked = 0;

  private constructor() {
    this.#browser = spawn('chromium-headless-shell', FLAGS, {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    let kept = '';
    (this.#browser.stdio[4] as Readable).on('data', (part: Buffer) => {
      const messages = (kept + part.toString()).split('\0');
      kept = messages.pop() ?? '';
      for (const each of messages) this.#heard(JSON.parse(each) as Answered);
    });
  }

  static async open(): Promise<Tab> {
    const tab = new Tab();
    const { targetId } = await tab.#ask('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await tab.#ask('Target.attachToTarget', { targetId, flatten: true });
    tab.#session = String(sessionId);
    return tab;
  }

  async go(url: string, width: number, height: number): Promise<void> {
    await this.#ask('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.#ask('Page.navigate', { url });
    await this.until('document.readyState === "complete"');
  }

  async run<T>(expression: string): Promise<T> {
    const said = await this.#ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (said['exceptionDetails'] !== undefined)
      throw new Error(JSON.stringify(said['exceptionDetails']).slice(0, 2_000));
    return (said['result'] as { value: T }).value;
  }

  async until(expression: string, ms = 30_000): Promise<void> {
    for (const end = Date.now() + ms; !(await this.run<boolean>(expression)); await pause(200)) {
      if (Date.now() > end)
        throw new Error(
          `not within ${ms / 1000} s: ${expression}\n${await this.run<string>('document.body.innerText')}`,
        );
    }
  }

  async picture(): Promise<string> {
    return String((await this.#ask('Page.captureScreenshot', { format: 'png' }))['data']);
  }

  close(): void {
    this.#browser.kill('SIGKILL');
  }

  #heard({ id, ...answer }: Answered): void {
    if (id === undefined) return;
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  async #ask(method: string, params: Tree): Promise<Tree> {
    this.#asked += 1;
    const id = this.#asked;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    const answered = new Promise<Answered>((done) => this.#waiting.set(id, done));
    (this.#browser.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
