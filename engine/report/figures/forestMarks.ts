// Owns the marks of figures and the legend of the forest plot: shape and fill tell what color alone must not.
import type { Close } from '../../domain/condition';
import { type Ink, type Layout, round, type Shape } from './drawing';

type Point = { readonly x: number; readonly y: number };

/** Circle: closed; square: open; diamond: control. Filled: the prompt was edited; hollow: it was left alone. */
export function marker({ x, y }: Point, shape: Close | 'control', filled: boolean): Shape {
  const color: Ink = shape === 'control' ? 'ink' : shape;
  const look = { fill: filled ? color : 'paper', stroke: color, strokeWidth: shape === 'control' ? 1.5 : 2 } as const;
  const [cx, cy] = [round(x), round(y)];
  if (shape === 'closed') return { kind: 'circle', x: cx, y: cy, r: 5, ...look };
  if (shape === 'open') return { kind: 'rect', x: cx - 5, y: cy - 5, width: 10, height: 10, ...look };
  return { kind: 'path', d: `M${cx} ${cy - 6}l6 6-6 6-6-6z`, ...look };
}

type Item = { readonly marks: (at: Point) => readonly Shape[]; readonly text: string; readonly room: number };

const items: readonly Item[] = [
  { marks: (at) => [marker(at, 'closed', true)], text: 'closed', room: 74 },
  { marks: (at) => [marker(at, 'open', true)], text: 'open', room: 66 },
  {
    marks: (at) => [marker(at, 'closed', false), marker({ ...at, x: at.x + 14 }, 'open', false)],
    text: 'prompt left alone',
    room: 152,
  },
  { marks: (at) => [marker(at, 'control', false)], text: 'control', room: 80 },
  { marks: (at) => [band(at)], text: 'noise', room: 70 },
  { marks: (at) => [interval(at)], text: '95% interval', room: 100 },
];

/** Samples of every mark: one line, two in a column. */
export function forestLegend({ x, y }: Point, layout: Layout): readonly Shape[] {
  const lines = layout === 'page' ? [items] : [items.slice(0, 3), items.slice(3)];
  return lines.flatMap((line, index) => legendLine(line, { x: x + 6, y: y + index * 20 }));
}

function legendLine(line: readonly Item[], { x, y }: Point): readonly Shape[] {
  let left = x;
  return line.flatMap(({ marks, text, room }) => {
    const at = { x: left, y };
    left += room;
    const textX = at.x + (text === 'prompt left alone' ? 26 : 13);
    return [...marks(at), { kind: 'text', x: textX, y: y + 4, text, size: 12 } as const];
  });
}

const band = ({ x, y }: Point): Shape => ({
  kind: 'rect',
  x: x - 7,
  y: y - 8,
  width: 14,
  height: 16,
  radius: 3,
  fill: 'noise',
  fillOpacity: 0.22,
});

const interval = ({ x, y }: Point): Shape => ({
  kind: 'path',
  d: `M${x - 8} ${y}h16m-16-5v10m16-10v10`,
  stroke: 'ink',
  strokeWidth: 2,
});
