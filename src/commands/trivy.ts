// trivy on the server itself (trivy.dev): it sees the images that run there, and nothing has to be fetched twice.
import type { Fact } from '../model.js';
import { answered, python } from './docker-api.js';

export interface KnownHoles {
  /** `CVE-2026-1 in openssl 3.0.1, mended in 3.0.2`; each once. */
  critical: string[];
  high: number;
}

const MINUTES = 15;

/** A report of megabytes stays on the server. 127 where there is no trivy, as a shell would say. */
const SCAN = String.raw`
import json, subprocess, sys
words = ["trivy", "image", "--quiet", "--scanners", "vuln", "--severity", "HIGH,CRITICAL", "--format", "json", sys.argv[1]]
try: done = subprocess.run(words, capture_output=True, text=True, timeout=int(sys.argv[2]) * 60)
except FileNotFoundError: sys.exit(127)
except subprocess.TimeoutExpired: sys.exit("trivy did not end within %s minutes" % sys.argv[2])
if done.returncode: sys.exit((done.stderr.strip() or "trivy ended with %d" % done.returncode).split("\n")[-1])
found = [v for r in json.loads(done.stdout).get("Results") or [] for v in r.get("Vulnerabilities") or []]
def told(v): return "%s in %s %s, %s" % (v["VulnerabilityID"], v.get("PkgName", "?"), v.get("InstalledVersion", ""), "mended in " + v["FixedVersion"] if v.get("FixedVersion") else "not mended yet")
print(json.dumps({"critical": sorted({told(v) for v in found if v["Severity"] == "CRITICAL"}), "high": sum(v["Severity"] == "HIGH" for v in found)}))
`;

/** Null: there is no trivy, so nobody has looked. */
export const holesIn = (image: string): Fact<KnownHoles | null> => ({
  read: python(SCAN, image, String(MINUTES)),
  absent: null,
  parse(reading) {
    if (reading.exitCode === 127) return null;
    const { critical, high } = answered<Partial<KnownHoles>>(reading);
    if (!Array.isArray(critical) || typeof high !== 'number')
      throw new Error('trivy answers something that is no report');
    return { critical, high };
  },
});
