// Owns the frame of a small plot: where its numbers lie on the page, its grid, ticks and titles. Must not know what is drawn in it.
import { colors } from './forestMarks';

export type Frame = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of the vertical axis. */
  readonly from: number;
  readonly to: number;
};

export type Place = { readonly x: number; readonly y: number };

export const round = (value: number): number => Math.round(value * 10) / 10;

/** `across` from 0 to 1, `up` between the frame's `from` and `to`. */
export function placeIn({ left, top, width, height, from, to }: Frame, across: number, up: number): Place {
  return { x: round(left + across * width), y: round(top + ((to - up) / (to - from)) * height) };
}

const quarters = [0, 0.25, 0.5, 0.75, 1];

/** Grid lines with labels at the left; `label` of a value is empty where none belongs. */
export function verticalAxis(frame: Frame, values: readonly number[], label: (value: number) => string): string {
  const lines = values.map((value) => {
    const { x, y } = placeIn(frame, 0, value);
    const opacity = value === 0 ? 0.55 : 0.18;
    const line = `<path d="M${x} ${y}h${frame.width}" stroke="${colors.ink}" stroke-opacity="${opacity}"/>`;
    return `${line}<text x="${x - 8}" y="${y + 4}" text-anchor="end" fill-opacity="0.8">${label(value)}</text>`;
  });
  return `<g font-size="12">${lines.join('')}</g>`;
}

/** Ticks from 0 to 100% under the frame, with labels where asked for. */
export function shareAxis(frame: Frame, labeled: boolean): string {
  const bottom = frame.top + frame.height;
  const ticks = quarters.map((value) => {
    const { x } = placeIn(frame, value, frame.to);
    const tick = `<path d="M${x} ${bottom}v5" stroke="${colors.ink}" stroke-opacity="0.5"/>`;
    const text = `<text x="${x}" y="${bottom + 19}" text-anchor="middle" fill-opacity="0.8">${value * 100}%</text>`;
    return labeled ? tick + text : tick;
  });
  return `<g font-size="12">${ticks.join('')}</g>`;
}
