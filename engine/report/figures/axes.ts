// Owns the frame of a small plot: where its numbers lie on the page, its grid, ticks and titles. Must not know what is drawn in it.
import { round, type Shape } from './drawing';

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

/** `across` from 0 to 1, `up` between the frame's `from` and `to`. */
export function placeIn({ left, top, width, height, from, to }: Frame, across: number, up: number): Place {
  return { x: round(left + across * width), y: round(top + ((to - up) / (to - from)) * height) };
}

const quarters = [0, 0.25, 0.5, 0.75, 1];
const tickText = { kind: 'text', size: 12, opacity: 0.8 } as const;

/** Grid lines with labels at the left; `label` of a value is empty where none belongs. */
export function verticalAxis(
  frame: Frame,
  values: readonly number[],
  label: (value: number) => string,
): readonly Shape[] {
  return values.flatMap((value): readonly Shape[] => {
    const { x, y } = placeIn(frame, 0, value);
    const strokeOpacity = value === 0 ? 0.55 : 0.18;
    return [
      { kind: 'path', d: `M${x} ${y}h${frame.width}`, stroke: 'ink', strokeOpacity },
      { ...tickText, x: x - 8, y: y + 4, text: label(value), anchor: 'end' },
    ];
  });
}

/** Ticks from 0 to 100% under the frame, with labels where asked for. */
export function shareAxis(frame: Frame, labeled: boolean): readonly Shape[] {
  const bottom = frame.top + frame.height;
  return quarters.flatMap((value): readonly Shape[] => {
    const { x } = placeIn(frame, value, frame.to);
    const tick = { kind: 'path', d: `M${x} ${bottom}v5`, stroke: 'ink', strokeOpacity: 0.5 } as const;
    return labeled ? [tick, { ...tickText, x, y: bottom + 19, text: `${value * 100}%`, anchor: 'middle' }] : [tick];
  });
}
