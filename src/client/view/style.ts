// How a view may draw: the width, and whether colour and glyphs beyond ASCII are welcome. An Io is one.
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface View {
  readonly columns: number;
  readonly color: boolean;
  readonly ascii: boolean;
}

/** Whether to colour was decided once, by the owner of the terminal: the stream is not asked again. */
export const paint = (view: View, style: Style, text: string): string =>
  view.color && text !== '' ? styleText(style, text, { validateStream: false }) : text;

/** Below this the right column goes: a title is worth more than its elapsed seconds. */
export const isNarrow = (view: View): boolean => view.columns < 60;

/** For what goes to stdout. */
export const answering = (io: View & { readonly outColumns: number }): View => ({
  columns: io.outColumns,
  color: io.color,
  ascii: io.ascii,
});
