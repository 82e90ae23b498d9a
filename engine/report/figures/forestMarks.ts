// Owns the marks of the forest plot and its legend: shape and fill tell what color alone must not.
import type { Close } from '../../domain/condition';

export const colors = {
  closed: 'var(--plot-closed, currentColor)',
  open: 'var(--plot-open, currentColor)',
  ink: 'var(--plot-ink, currentColor)',
  noise: 'var(--plot-noise, currentColor)',
  paper: 'var(--plot-paper, Canvas)',
} as const;

type Point = { readonly x: number; readonly y: number };

/** Circle: closed; square: open; diamond: control. Filled: the prompt was edited; hollow: it was left alone. */
export function marker({ x, y }: Point, shape: Close | 'control', filled: boolean): string {
  const color = shape === 'control' ? colors.ink : colors[shape];
  const look = `fill="${filled ? color : colors.paper}" stroke="${color}" stroke-width="2"`;
  const [cx, cy] = [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
  if (shape === 'closed') return `<circle cx="${cx}" cy="${cy}" r="5" ${look}/>`;
  if (shape === 'open') return `<rect x="${cx - 5}" y="${cy - 5}" width="10" height="10" ${look}/>`;
  return `<path d="M${cx} ${cy - 6}l6 6-6 6-6-6z" ${look.replace('stroke-width="2"', 'stroke-width="1.5"')}/>`;
}

/** One line of samples of every mark, starting at `x`. */
export function legend(x: number, y: number): string {
  const items: readonly (readonly [mark: (at: Point) => string, text: string, width: number])[] = [
    [(at) => marker(at, 'closed', true), 'closed', 74],
    [(at) => marker(at, 'open', true), 'open', 66],
    [(at) => marker(at, 'closed', false) + marker({ ...at, x: at.x + 14 }, 'open', false), 'prompt left alone', 152],
    [(at) => marker(at, 'control', false), 'control', 80],
    [band, 'noise', 70],
    [interval, '95% interval', 100],
  ];
  let left = x + 6;
  const drawn = items.map(([mark, text, width]) => {
    const at = { x: left, y };
    const textX = left + (text === 'prompt left alone' ? 26 : 13);
    left += width;
    return `${mark(at)}<text x="${textX}" y="${y + 4}">${text}</text>`;
  });
  return `<g font-size="12" aria-hidden="true">${drawn.join('')}</g>`;
}

const band = ({ x, y }: Point): string =>
  `<rect x="${x - 7}" y="${y - 8}" width="14" height="16" rx="3" fill="${colors.noise}" fill-opacity="0.22"/>`;

const interval = ({ x, y }: Point): string =>
  `<path d="M${x - 8} ${y}h16m-16-5v10m16-10v10" stroke="${colors.ink}" stroke-width="2" fill="none"/>`;
