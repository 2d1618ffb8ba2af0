// Inside the browser's container: visits one after the other in one tab, each with what its script found, the page's source and a picture.

import { pause, Tab } from './tab.js';
import type { Seen, Visited } from './visits.js';

declare const SCENE: Visited;

async function main(): Promise<void> {
  const tab = await Tab.open();
  const seen: Seen[] = [];
  for (const { url, script } of SCENE.visits) {
    if (url !== undefined) await tab.go(url, SCENE.width, SCENE.height);
    const value = await tab.run<unknown>(script);
    await pause(300);
    const html = await tab.run<string>('document.documentElement.outerHTML');
    seen.push({ value, html, png: await tab.picture() });
  }
  tab.close();
  process.stdout.write(JSON.stringify(seen), () => process.exit(0));
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
