// What a host says to one command.
import type { Reading } from '../../src/model.js';

export const answer = (stdout: string, exitCode = 0, stderr = ''): Reading => ({ stdout, stderr, exitCode });
