// The vocabulary of pins: texts of other people that reach the model, each one commit of a repository, read by a person. Types only.

/** A skill is a folder with a SKILL.md, offered to the model; a persona is one text, in every prompt. */
export type PinKind = 'skill' | 'persona';

export interface Pin {
  name: string;
  /** A git repository, by https. */
  source: string;
  /** All 40 digits: a branch or a tag can be moved, a commit cannot. */
  commit: string;
  /** In the repository: a skill's folder, a persona's file. */
  path: string;
  /** Files that may be started as programs are refused unless this says so. */
  executables: boolean;
  /** Who has read exactly these contents, for servers where nobody should be asked again. */
  vetted?: { by: string; date: string; sha256: string } | undefined;
}

export interface KindedPin extends Pin {
  kind: PinKind;
}

export interface PinnedFile {
  /** Below the pin's path; of a persona, its file's own name. */
  path: string;
  content: string;
  isExecutable: boolean;
}

export interface PinnedContent {
  files: PinnedFile[];
  /** Of paths, contents and what may be started, in this order. */
  sha256: string;
}

/** What the worker has of each pin, by `pinKey`; or why it has nothing. */
export type Library = Readonly<Record<string, PinnedContent | { problem: string }>>;

/** One content at one pin: what is vetted. */
interface PinnedAs extends Pick<KindedPin, 'kind' | 'name' | 'source' | 'commit' | 'path'> {
  sha256: string;
}

/** That a person has read one content and wants it on a server; kept there. */
export interface Vetting extends PinnedAs {
  who: string;
  /** ISO. */
  when: string;
}

/** Something that the machine noticed, at one point of the guide's list of seven. */
export interface PinFinding {
  point: number;
  /** `SKILL.md:12: …` */
  line: string;
}

/** What a person is shown before they say whether a text may reach the model. */
export interface PinReview extends PinnedAs {
  files: { path: string; bytes: number }[];
  findings: PinFinding[];
  /** The commit that was read last; absent: nothing of it was ever read. */
  lastCommit?: string | undefined;
  /** Texts of then and of now, as far as they fit. */
  before: string;
  after: string;
  /** Characters that did not fit; the run's log has all. */
  cut: number;
}
