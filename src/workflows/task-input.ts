// What a task's activity is told besides its own.
import type { TaskInput } from '../activities/api.js';
import type { Run } from './run.js';

export const taskInput = ({ server, state, input }: Run, task: string, key: string): TaskInput => ({
  server,
  run: state.run,
  who: input.who,
  takeOver: input.takeOver,
  task,
  key,
});
