// The host swaps.
import { defineDiagnosis, differs, failed } from './define.js';
import { converge } from './repairs.js';

const swaps = failed('watch.swap');

export const swap = defineDiagnosis({
  id: 'diagnose.swap',
  symptom: 'Much of the swap is in use',
  why: 'Who swaps answers late, long before anything is ended.',
  source: 'guide Step 12, row 13; https://docs.kernel.org/admin-guide/sysctl/vm.html#swappiness',
  suspects: [
    {
      id: 'swappiness',
      title: 'the kernel swaps before it has to',
      needs: [swaps, differs('base.sysctl', /vm\.swappiness/, 3)],
      repair: converge('base.sysctl'),
      byHand: () => ['what is swapped out already comes back as it is used, or by swapoff -a; swapon -a'],
    },
    {
      id: 'memory-promised',
      title: 'its services need more memory than the host has',
      needs: [swaps],
      also: [failed('watch.memory', /./, 1)],
      byHand: ({ name }) => [
        'lower stack.limits or stack.tier in clincher.yaml, or take a larger server',
        `clincher run provision -s ${name} --only 'stack.*'`,
      ],
    },
  ],
});
