// Counts the known holes in locked images with trivy, where it is installed.
import * as z from 'zod';
import type { CheckedImage } from './check-images.js';
import { lastWord, runProgram } from './program.js';

export interface Scan {
  image: string;
  /** Absent: it could not be scanned. */
  holes?: { critical: number; high: number } | undefined;
  reason?: string | undefined;
}

const report = z.object({
  Results: z
    .array(z.object({ Vulnerabilities: z.array(z.object({ Severity: z.string() })).nullish() }))
    .nullish(),
});

/** Nothing when trivy is not installed. */
export async function scanImages(
  images: readonly CheckedImage[],
  env: NodeJS.ProcessEnv,
): Promise<Scan[] | undefined> {
  const scans: Scan[] = [];
  for (const { image, entry } of images) {
    if (entry === undefined) continue;
    const scan = await scanned(image.key, `${image.repository}@${entry.digest}`, env);
    if (scan === undefined) return undefined;
    scans.push(scan);
  }
  return scans;
}

async function scanned(image: string, reference: string, env: NodeJS.ProcessEnv): Promise<Scan | undefined> {
  const words = ['image', '--quiet', '--scanners', 'vuln', '--severity', 'HIGH,CRITICAL', '--format', 'json'];
  const seen = await runProgram('trivy', [...words, reference], { env, timeoutMs: 15 * 60_000 });
  if (seen === undefined) return undefined;
  if (seen.code !== 0) return { image, reason: lastWord(seen) };
  const found = severities(seen.stdout);
  if (found === undefined) return { image, reason: 'trivy answers something that is no report' };
  const count = (severity: string): number => found.filter((one) => one === severity).length;
  return { image, holes: { critical: count('CRITICAL'), high: count('HIGH') } };
}

function severities(text: string): string[] | undefined {
  try {
    const { Results: results } = report.parse(JSON.parse(text));
    return (results ?? []).flatMap(({ Vulnerabilities: found }) =>
      (found ?? []).map(({ Severity: one }) => one),
    );
  } catch {
    return undefined;
  }
}
