// What the driver tells the page: a dashboard as Grafana's JSON has it, and with each question what Prometheus answered.
export interface Answer {
  labels: Record<string, string>;
  /** Milliseconds since 1970, and the value. */
  points: [at: number, value: number | null][];
}

export interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
  range?: boolean;
  answers: Answer[];
}

export interface Panel {
  id: number;
  title: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig: { defaults: Record<string, unknown> };
  options: Record<string, unknown>;
  targets: Target[];
}

export interface Dashboard {
  title: string;
  panels: Panel[];
}

export interface Scene {
  dashboard: Dashboard;
  width: number;
  from: number;
  to: number;
}

/** A page somebody else made. `script` runs in it; the picture is taken once `until` is found in its text. */
export interface Visit {
  name: string;
  url: string;
  script?: string;
  until: string;
  height: number;
}

/** What is to be taken a picture of. */
export type Subject = Visit | { name: string; dashboard: Dashboard; minutes: number };

export interface Picture {
  name: string;
  /** PNG, base64. */
  png: string;
  panels: { title: string; shows: string }[];
}
