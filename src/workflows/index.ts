// Every workflow type the worker knows; exported functions are types, so nothing else may be exported here.
export { auditLog, auditSign } from './audit.js';
export { backup } from './backup.js';
export { drift, driftReport } from './drift.js';
export { egress } from './egress.js';
export { harden } from './harden.js';
export { backupList, doctor, pairingRequests, plan, verify } from './look.js';
export { pairing } from './pairing.js';
export { provision } from './provision.js';
export { prune } from './prune.js';
export { reboot } from './reboot.js';
export { redteam } from './redteam.js';
export { restoreDrill } from './restore-drill.js';
export { rotateKey, rotateToken } from './rotate.js';
export { rotateBackupKey } from './rotate-backup-key.js';
export { scheduled } from './scheduled.js';
export { smoke } from './smoke.js';
export { upgrade } from './upgrade.js';
export { verifyBackup } from './verify-backup.js';
