// Of Grafana's component library, which is in the browser's image alone, what the page draws with.
declare module '@grafana/data' {
  export type Values = readonly (number | string | null)[];
  export interface Field {
    name: string;
    type: string;
    values: Values;
    labels?: Record<string, string>;
    config: Record<string, unknown>;
    display?: unknown;
    state?: Record<string, unknown>;
  }
  export interface Frame {
    refId?: string;
    length: number;
    fields: Field[];
  }
  export interface Theme {
    readonly colors: { readonly background: { readonly canvas: string } };
  }
  export function createTheme(options: { colors: { mode: 'dark' | 'light' } }): Theme;
  export function getDisplayProcessor(options: { field: Field; theme: Theme; timeZone: string }): unknown;
  export interface Shown {
    name: string;
    field: Record<string, unknown>;
    display: Record<string, unknown>;
  }
  export function getFieldDisplayValues(options: {
    fieldConfig: object;
    reduceOptions: { calcs: string[]; values: boolean };
    replaceVariables: (text: string) => string;
    theme: Theme;
    data: Frame[];
    timeZone: string;
  }): Shown[];
  export function dateTime(at: number): unknown;
  export const ThemeContext: import('react').Context;
}

declare module '@grafana/ui' {
  type Part = import('react').Part;
  export const BarGauge: Part;
  export const BigValue: Part;
  export const GlobalStyles: Part;
  export const PanelChrome: Part;
  export const TimeSeries: Part;
  export const VizRepeater: Part;
}

declare module 'react' {
  export type Drawn = { readonly key: string | null } | string | null;
  export type Part = (props: Record<string, unknown>) => Drawn;
  export interface Context {
    readonly Provider: Part;
  }
  export function createElement(
    part: Part | string,
    props: Record<string, unknown> | null,
    ...children: readonly unknown[]
  ): Drawn;
}

declare module 'react-dom/client' {
  export function createRoot(at: Element): { render(what: import('react').Drawn): void };
}
