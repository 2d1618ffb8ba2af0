// Every workflow type the worker knows; exported functions are types, so nothing else may be exported here.
export { harden } from './harden.js';
export { doctor, plan, verify } from './look.js';
export { provision } from './provision.js';
export { redteam } from './redteam.js';
export { smoke } from './smoke.js';
