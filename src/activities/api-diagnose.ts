// What a diagnosis may ask of the world, as types.
import type { Diagnosed, Server } from '../model.js';

export interface DiagnoseActivities {
  /** Reads what every row of the troubleshooting table looks at, and ranks what may cause it. Changes nothing. */
  diagnose(input: { server: Server }): Promise<Diagnosed>;
}
