// The vocabulary of what OpenClaw remembers: the index of its memory, and conversations that nobody goes on with. Types only.

export interface MemorySettings {
  enabled: boolean;
  /** Of the embeddings. */
  provider: string;
  model: string;
  max_index_mb: number;
  /** Absent: none goes. */
  keep_conversations_days?: number | undefined;
}

export interface MemoryIndex {
  /** Embeddings of this model are in it; null: it was never made to its end. */
  model: string | null;
  /** Files that it knows. */
  files: number;
  /** What it takes on the disk. */
  bytes: number;
  /** What rebuilds that were cut off have left beside it. */
  leftBytes: number;
  /** The gateway still searches one that was replaced. */
  isReplaced: boolean;
}

/** As files and tables say it: OpenClaw's own `dirty` of 2026.3 is true of a fresh index and false of an old one. */
export interface MemoryNow {
  /** Seconds since 1970, by the host's clock. */
  now: number;
  /** Files of the memory in the workspace. */
  files: number;
  /** Files that the index knows otherwise than they lie there, or not at all, or that are gone. */
  behind: number;
  /** Since when, as `now`; null: none is. */
  since: number | null;
  /** Null: there is none. */
  index: MemoryIndex | null;
}

/** What became of the files of the memory while their index was made anew. */
export interface MemoryFiles {
  before: number;
  gone: number;
  /** Written or added by the agent meanwhile. */
  changed: number;
  /** The gateway had to take up the new index by a restart. */
  isRestarted: boolean;
}

/** What the gateway answered when it was asked for a line of its own memory. */
export interface MemorySearch {
  /** Lines that it was asked for. */
  asked: number;
  found: number;
  error?: string | undefined;
}

/** What OpenClaw's own maintenance would do to conversations. */
export interface StaleConversations {
  /** One each: what would be done, its key as OpenClaw shortens it, since when. */
  found: string[];
  kept: number;
}
