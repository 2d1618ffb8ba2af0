// Preloaded into the worker: writes down when each SSH connection and remote command began and ended, beside clincher's own meter.
import { appendFileSync } from 'node:fs';
import ssh2 from 'ssh2';

const file = process.env.BENCH_SSH_WITNESS;
const { connect, exec } = ssh2.Client.prototype;

function note(kind, start) {
  if (file) appendFileSync(file, `${JSON.stringify({ kind, start, end: Date.now() })}\n`);
}

function once(act) {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

ssh2.Client.prototype.connect = function (...given) {
  const start = Date.now();
  // A login that is refused was the host's time too.
  const end = once(() => note('connection', start));
  this.once('ready', end).once('close', end);
  return connect.apply(this, given);
};

ssh2.Client.prototype.exec = function (...given) {
  const start = Date.now();
  const callback = given.pop();
  return exec.call(this, ...given, (error, channel) => {
    channel?.once('close', () => note('command', start));
    callback(error, channel);
  });
};
