// Which secrets a server's configuration needs; a question of the stack, asked by survey and preflight.
export { neededSecrets } from '../stack/needs.js';
