// Owns what a figure is before it becomes SVG or PDF: shapes in the order in which they are painted, inks by what they mean.
// Must not know either form. Offsets grow to the right and down; the unit is that of a CSS pixel.

/** `paper` is the ground: what is hollow is filled with it. */
export type Ink = 'closed' | 'open' | 'noise' | 'ink' | 'paper';

export type Look = {
  /** Left out: text in ink, anything else unfilled. */
  readonly fill?: Ink;
  readonly fillOpacity?: number;
  readonly stroke?: Ink;
  readonly strokeWidth?: number;
  readonly strokeOpacity?: number;
  readonly dashes?: readonly [drawn: number, left: number];
};

export type Shape =
  | ({ readonly kind: 'path'; readonly d: string } & Look)
  | ({ readonly kind: 'circle'; readonly x: number; readonly y: number; readonly r: number } & Look)
  | ({
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly radius?: number;
    } & Look)
  | TextShape;

export type TextShape = {
  readonly kind: 'text';
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  /** Bold words in front. */
  readonly lead?: string;
  readonly anchor?: 'middle' | 'end';
  readonly size?: number;
  readonly opacity?: number;
  /** Reads upward. */
  readonly turned?: boolean;
  /** The whole of a text that is shown shortened. */
  readonly title?: string;
};

/** Wide for pages and screens, or a column of a paper (84 mm), where text must stay readable. */
export type Layout = 'page' | 'column';

/** Units of a drawing that is to fill a column: at 84 mm its text of 13 units is 7.7 pt. */
export const columnWidth = 400;

export type Drawing = {
  /** Class of the SVG element. */
  readonly name: string;
  readonly title: string;
  /** The figure in words, for a screen reader. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
};

export const textSize = 13;

/** Of a character, in the units of a drawing; measured on wide fonts. */
export const characterWidth = 7.2;

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Long names lose their middle: what they start with and end on tells them apart. */
export function shortened(text: string, longest: number): string {
  const characters = [...text];
  if (characters.length <= longest) return text;
  const half = (longest - 1) / 2;
  return `${characters.slice(0, Math.ceil(half)).join('')}…${characters.slice(-Math.floor(half)).join('')}`;
}
