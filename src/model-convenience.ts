// The vocabulary of what is there for people on the server itself: types only.

export interface ConvenienceSettings {
  /** `oc-status` and the like, in every login shell. */
  shortcuts: boolean;
  /** One folder for files that people hand to the agent. */
  uploads: boolean;
  /** That folder in a browser, behind the reverse proxy. */
  filebrowser: boolean;
}
