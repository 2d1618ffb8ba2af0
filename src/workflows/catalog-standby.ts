// The runbooks of whatever there is more than one of, standbys and partitions: the part of catalog.ts that is theirs.
import type { Runbook } from './catalog.js';
import { PARTITION_BOOK } from './catalog-partition.js';

export const STANDBY_BOOKS: readonly Runbook[] = [
  {
    name: 'stage-standby',
    title:
      'A server that could take its primary’s place within minutes: everything is there, and nothing runs',
    mutating: true,
    danger: 'ask',
    checklists: ['base', 'harden.host', 'harden.tailnet', 'stack', 'backup'],
    besides: 'What a server still has whose place was taken is put aside on it, never removed.',
  },
  {
    name: 'failover',
    title:
      'A primary’s place is taken by its standby: the old one is stopped, the newest backup restored and proved',
    mutating: true,
    danger: 'severe',
    checklists: [],
    besides:
      'In clincher.yaml the server and its standby exchange addresses. You are asked before anything is stopped, and told what would be lost.',
    needsGateway: true,
  },
  {
    name: 'failback',
    title: 'The way back after a failover, while everything runs: nothing is lost',
    mutating: true,
    danger: 'severe',
    checklists: [],
    besides: 'The service stands still from the last backup until it is restored and proved.',
    needsGateway: true,
  },
  {
    name: 'dr-drill',
    title:
      'A recovery from end to end on a standby: the newest copy restored, started, proved and timed, then taken away',
    mutating: true,
    danger: 'ask',
    checklists: ['stack'],
    besides:
      'The whole stack runs on the standby for some minutes, with its channels off and no way out but to model providers, which are asked nothing. The live server notices nothing, and the standby is then as it was.',
    keepsState: true,
    needsStandIn: true,
  },
  PARTITION_BOOK,
];
