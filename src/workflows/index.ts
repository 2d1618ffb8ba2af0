// Every workflow type the worker knows; exported functions are types, so nothing else may be exported here.
export { harden } from './harden.js';
export { doctor, pairingRequests, plan, verify } from './look.js';
export { pairing } from './pairing.js';
export { provision } from './provision.js';
export { redteam } from './redteam.js';
export { smoke } from './smoke.js';
