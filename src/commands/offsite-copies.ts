// The copies at the far end, as it lists them, beside what the server keeps: which are whole, compared, or only there.
import type { Backup, OffsiteCopy } from '../model.js';
import type { There } from './backup.js';

/** The manifest came last. */
export const isWholeThere = ({ id, manifest }: Backup, { files }: There): boolean =>
  files.has(`${id}/manifest.json`) && files.get(`${id}/archive.tar.zst.age`) === manifest?.bytes;

/** One that was encrypted anew meanwhile has no copy yet. */
export const isCopied = ({ offsite, manifest }: Backup): boolean =>
  offsite !== undefined && offsite.sha256 === manifest?.sha256;

/** Oldest first. What the server has lost, nobody has a size or a hash to compare with. */
export function copiesOf(here: readonly Backup[], far: There): OffsiteCopy[] {
  const ids = [...new Set([...far.files.keys()].map((name) => name.split('/')[0]!))].sort();
  return ids.map((id) => {
    const bytes = far.files.get(`${id}/archive.tar.zst.age`);
    const own = here.find((each) => each.id === id);
    const isWhole = own?.manifest
      ? isWholeThere(own, far)
      : bytes !== undefined && far.files.has(`${id}/manifest.json`);
    const compared = own?.offsite && isCopied(own) && isWhole ? { comparedAt: own.offsite.at } : {};
    return { id, ...(bytes === undefined ? {} : { bytes }), isWhole, isHere: own !== undefined, ...compared };
  });
}
