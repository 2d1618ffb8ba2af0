// Every workflow type the worker knows; exported functions are types, so nothing else may be exported here.
export { adoption } from './adoption.js';
export { auditLog, auditSign } from './audit.js';
export { backup } from './backup.js';
export { controlPlane } from './control-plane.js';
export { diagnose } from './diagnose.js';
export { drDrill } from './dr-drill.js';
export { drift, driftReport } from './drift.js';
export { egress } from './egress.js';
export { failback, failover } from './failover.js';
export { fenceReturn } from './fence-return.js';
export { fleet } from './fleet.js';
export { harden } from './harden.js';
export { heal } from './heal.js';
export {
  alertsTest,
  backupList,
  discover,
  doctor,
  offsiteList,
  pairingRequests,
  plan,
  verify,
} from './look.js';
export { member } from './member.js';
export { memory } from './memory.js';
export { monitoring } from './monitoring.js';
export { pairing } from './pairing.js';
export { partition } from './partition.js';
export { provision } from './provision.js';
export { prune } from './prune.js';
export { queued } from './queued.js';
export { reboot } from './reboot.js';
export { recover } from './recover.js';
export { redteam } from './redteam.js';
export { restoreDrill } from './restore-drill.js';
export { rotateKey, rotateToken } from './rotate.js';
export { rotateBackupKey } from './rotate-backup-key.js';
export { rotateSsh } from './rotate-ssh.js';
export { scanImages } from './scan-images.js';
export { scheduled } from './scheduled.js';
export { smoke } from './smoke.js';
export { soak } from './soak.js';
export { stageStandby } from './stage-standby.js';
export { upgrade } from './upgrade.js';
export { verifyBackup } from './verify-backup.js';
export { watch } from './watch.js';
export { watchdog } from './watchdog.js';
