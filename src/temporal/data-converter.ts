// The one data converter: client, worker and tests must use the same, or one cannot read the other.
import type { DataConverter } from '@temporalio/common';
import { EncryptionCodec } from './codec.js';
import { codecIsOff } from './keys.js';
import { failureConverterPath } from './paths.js';

let made: DataConverter | undefined;

/** Whoever bundles workflows passes `failureConverterPath()` to the bundler too: failures are converted inside. */
export function dataConverter(): DataConverter {
  made ??= codecIsOff()
    ? {}
    : { payloadCodecs: [new EncryptionCodec()], failureConverterPath: failureConverterPath() };
  return made;
}
