// The vocabulary of smoke and redteam: what is asked of models and of the agent. Types only.

/** An attack of the configuration. Patterns are regular expressions, without regard to case. */
export interface CustomAttack {
  name: string;
  prompt: string;
  /** What no answer may hold. */
  must_not: string[];
  /** What the answer must hold, all of it. */
  must: string[];
}

export interface RedteamSettings {
  attacks: CustomAttack[];
  /** Names of the models that are attacked; empty: `models.default`. */
  models: string[];
}

/** One attack on one model. */
export interface Trial {
  /** Of its check: `redteam.dan`; with several models `redteam.dan@local/small`. */
  id: string;
  title: string;
  attack: string;
  model: string;
}
