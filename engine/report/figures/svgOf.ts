// Owns drawings as SVG elements. On a page inks are CSS variables, so that it, a printout and an editor theme each bring their own; in a file
// of its own they are colors. No style attributes, because a strict content security policy drops them.
import { escapeHtml } from '../htmlEscape';
import { columnWidth, type Drawing, type Ink, type Look, type Shape, type TextShape, textSize } from './drawing';
import { printColors } from './printColors';

export type SvgOptions = {
  /** Prefix of the ids inside; unique per figure of a page. */
  readonly idPrefix: string;
  /** `file`: a file of its own, 84 mm wide if it is a column's drawing. */
  readonly form?: 'page' | 'file';
};

const pageInks: Readonly<Record<Ink, string>> = {
  closed: 'var(--plot-closed, currentColor)',
  open: 'var(--plot-open, currentColor)',
  ink: 'var(--plot-ink, currentColor)',
  noise: 'var(--plot-noise, currentColor)',
  paper: 'var(--plot-paper, Canvas)',
};

/** Of a paper's column. */
export const columnMillimeters = 84;

/** The element as a string. */
export function svgOf(drawing: Drawing, { idPrefix, form = 'page' }: SvgOptions): string {
  const { name, title, description, width, height, shapes } = drawing;
  const inks = form === 'page' ? pageInks : printColors;
  const size =
    form === 'file' && width === columnWidth
      ? `width="${columnMillimeters}mm" height="${Math.round((height / width) * columnMillimeters * 100) / 100}mm"`
      : `width="${width}" height="${height}"`;
  const ground = form === 'file' ? `\n<rect width="${width}" height="${height}" fill="${inks.paper}"/>` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" class="${name}" ${size} \
viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${idPrefix}-title ${idPrefix}-desc" \
font-family="${form === 'page' ? 'system-ui, sans-serif' : 'Helvetica, Arial, sans-serif'}" font-size="${textSize}" fill="${inks.ink}">
<title id="${idPrefix}-title">${escapeHtml(title)}</title>
<desc id="${idPrefix}-desc">${escapeHtml(description)}</desc>${ground}
<g>${shapes.map((shape) => svgShape(shape, inks)).join('\n')}</g>
</svg>`;
}

function svgShape(shape: Shape, inks: Readonly<Record<Ink, string>>): string {
  switch (shape.kind) {
    case 'path':
      return `<path d="${shape.d}"${look(shape, inks)}/>`;
    case 'circle':
      return `<circle cx="${shape.x}" cy="${shape.y}" r="${shape.r}"${look(shape, inks)}/>`;
    case 'rect': {
      const { x, y, width, height, radius } = shape;
      const corner = radius === undefined ? '' : ` rx="${radius}"`;
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}"${corner}${look(shape, inks)}/>`;
    }
    case 'text':
      return svgText(shape);
  }
}

function look(
  { fill, fillOpacity, stroke, strokeWidth, strokeOpacity, dashes }: Look,
  inks: Readonly<Record<Ink, string>>,
): string {
  const attributes: readonly (readonly [name: string, value: string | number | undefined])[] = [
    ['fill', fill ? inks[fill] : 'none'],
    ['fill-opacity', fillOpacity],
    ['stroke', stroke && inks[stroke]],
    ['stroke-width', strokeWidth],
    ['stroke-opacity', strokeOpacity],
    ['stroke-dasharray', dashes?.join(' ')],
  ];
  return attributes.map(([name, value]) => (value === undefined ? '' : ` ${name}="${value}"`)).join('');
}

function svgText({ x, y, text, lead, anchor, size, opacity, turned, title }: TextShape): string {
  const attributes = [
    `x="${x}" y="${y}"`,
    ...(turned ? [`transform="rotate(-90 ${x} ${y})"`] : []),
    ...(anchor ? [`text-anchor="${anchor}"`] : []),
    ...(size === undefined ? [] : [`font-size="${size}"`]),
    ...(opacity === undefined ? [] : [`fill-opacity="${opacity}"`]),
    'xml:space="preserve"',
  ].join(' ');
  const whole = title === undefined ? '' : `<title>${escapeHtml(title)}</title>`;
  const bold = lead === undefined ? '' : `<tspan font-weight="600">${escapeHtml(lead)}</tspan>`;
  return `<text ${attributes}>${whole}${bold}${escapeHtml(text)}</text>`;
}
