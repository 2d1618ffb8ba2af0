// What keeps the old server from the bot: stopped where it is reached; else what cuts it off, or a person; and stopped when it is back.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  sleep,
  startChild,
} from '@temporalio/workflow';
import type { Fence, Server } from '../model.js';
import { acts, local, reads } from './activities.js';
import { fenceReturn } from './fence-return.js';
import { fenceReturnId } from './messages.js';
import { secretQuestion } from './questions.js';
import type { Run } from './run.js';
import { addNote, passOver, runError } from './state.js';
import { taskInput } from './task-input.js';

/** Of work on the old server, in a run of the new one. */
export const onOld = (run: Run, old: Server, task: string, key: string) => ({
  ...taskInput(run, task, key),
  server: old,
});

export async function fenced(run: Run, old: Server, isThere: boolean): Promise<Fence> {
  if (isThere && (await isStopped(run, old))) return 'stopped';
  // It may be back at any moment from here on: whoever waits for that begins before anything else does.
  await watchReturn(run, old);
  if (old.failover.fence_command !== undefined && (await isCutOff(run, old))) return 'command';
  return byHand(run, old);
}

async function isStopped(run: Run, old: Server): Promise<boolean> {
  try {
    await run.task(
      'fence',
      'fence.stop',
      'The old server’s gateway is stopped, and nothing starts it again',
      (key) => acts.fenceHost({ ...onOld(run, old, 'fence.stop', key), to: run.server.address }),
    );
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    // Docker that hangs, or a connection that breaks just now: the other ways are there for that.
    passOver(run.state, (id) => id === 'fence.stop');
    addNote(run.state, 'not-stopped', `it could not be stopped over SSH: ${runError(error).message}`);
    return false;
  }
}

async function isCutOff(run: Run, old: Server): Promise<boolean> {
  try {
    await run.task('fence', 'fence.command', 'failover.fence_command cuts the old server off', async () => {
      await local.fenceByCommand({ server: old });
      return { changes: [{ what: 'it ended with 0: the old server is off' }], remote: [] };
    });
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    passOver(run.state, (id) => id === 'fence.command');
    addNote(run.state, 'not-cut-off', `failover.fence_command has not done it: ${runError(error).message}`);
    return false;
  }
}

/** What nobody can do from here: a person takes the token from it, or its power. */
async function byHand(run: Run, old: Server): Promise<Fence> {
  const hasBot = old.channels.telegram.enabled;
  const answer = await run.choice({
    id: 'fence',
    title: `What keeps ${old.name} at ${old.address} from the bot?`,
    instructions: [
      'It cannot be reached, so nobody can say that its gateway is stopped: it may be back at any moment, and two gateways take each other’s messages',
      ...(hasBot
        ? [
            'revoked: you tell BotFather /revoke; the old token is asked until Telegram refuses it, then the new one is asked for. This holds whatever becomes of the old server',
          ]
        : []),
      'powered-off: you have switched it off at its provider. It is stopped as soon as it is reached again',
      'abort: nothing was changed yet, and nothing will be',
    ],
    options: [...(hasBot ? ['revoked'] : []), 'powered-off', 'abort'],
  });
  if (answer === 'abort')
    throw run.refusal('DECLINED', 'nothing keeps the old server from the bot; nothing was changed');
  if (answer === 'revoked') await newToken(run);
  return answer as Fence;
}

async function newToken(run: Run): Promise<void> {
  const { server } = run;
  for (;;) {
    const { isRefused, sealTo } = await run.attempt('revoked', 'Telegram is asked about the old token', () =>
      reads.isTokenRefused({ server }),
    );
    // Nothing was surveyed yet, which tells it otherwise.
    run.state.sealTo = sealTo;
    if (isRefused) break;
    const again = await run.confirm({
      id: 'not-revoked',
      title: 'Telegram still takes the old token. Ask again?',
      instructions: [
        'In Telegram, tell @BotFather: /revoke, and choose the bot',
        'yes: asked again; no: the run ends, nothing was changed',
      ],
    });
    if (!again) throw run.refusal('DECLINED', 'the bot’s old token is still taken; nothing was changed');
  }
  await theNew(run, server.channels.telegram.token);
}

/** The vault takes it from here; what else keeps it is a person's to fill. */
async function theNew(run: Run, ref: string): Promise<void> {
  const question = {
    id: 'telegram-token',
    title: 'The bot’s new token',
    instructions: ['BotFather has printed it after /revoke'],
  };
  if (ref.startsWith('secret://')) return run.newSecret(ref, { ...secretQuestion(ref), ...question });
  await run.confirm({
    ...question,
    instructions: [...question.instructions, `Put it where ${ref} is, then say yes`],
  });
}

/** It outlives this run: the old server may be back in a month. One that waits for the same already is enough. */
async function watchReturn(run: Run, old: Server): Promise<void> {
  const input = { server: old, to: run.server.address, run: run.state.run, who: run.input.who };
  await startChild(fenceReturn, {
    args: [input],
    workflowId: fenceReturnId(old),
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `stops ${old.name} at ${old.address} when it is back`,
  }).catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  });
}

/** Nobody waits any more to stop a server at this address: it is the one that goes on. Mostly nobody did. */
export const forgetReturn = (server: Server): Promise<unknown> =>
  Promise.race([
    getExternalWorkflowHandle(fenceReturnId(server))
      .cancel()
      .catch(() => {}),
    sleep('3s'),
  ]);
