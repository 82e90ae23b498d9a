// Owns how one step's part of the two decision curves is drawn: a small picture in the margin of its line, joined to the steps before and
// after. Pure; must not know editors. Colors come in pairs for dark and light themes, and shapes tell the curves apart without color.

export type CurveRow = {
  /** Probability of the answer at this step, and at the steps before and after where they are known. */
  readonly kept: Around;
  readonly swapped: Around | null;
};

export type Around = { readonly before: number | null; readonly here: number; readonly after: number | null };

/** `pointY`: the height of the text's row, at which the points stand. */
export type PictureSize = { readonly width: number; readonly height: number; readonly pointY: number };

const palettes = {
  dark: { kept: '#4daafc', swapped: '#e8a33d', track: '#8b8b8b' },
  light: { kept: '#005fb8', swapped: '#a3560a', track: '#6e6e6e' },
} as const;

export type Palette = keyof typeof palettes;

/** Space at both ends, so that points at 0 and 1 are whole. */
const inset = 5;
const pointRadius = 3.2;

/** The picture as an SVG document. */
export function curvePicture({ kept, swapped }: CurveRow, size: PictureSize, palette: Palette): string {
  const colors = palettes[palette];
  const x = (p: number): number => inset + Math.min(1, Math.max(0, p)) * (size.width - 2 * inset);
  const at = (p: number): Point => [x(p), size.pointY];
  const track = line(at(0), at(1), `stroke="${colors.track}" stroke-opacity=".3"`);
  const half = line(
    [x(0.5), 0],
    [x(0.5), size.height],
    `stroke="${colors.track}" stroke-opacity=".45" stroke-dasharray="1 2"`,
  );
  const marks = [track, half];
  if (swapped) {
    marks.push(
      line(at(kept.here), at(swapped.here), `stroke="${colors.swapped}" stroke-opacity=".5" stroke-width="3"`),
    );
    marks.push(path(swapped, { x, ...size }, `stroke="${colors.swapped}" stroke-width="1.6" stroke-dasharray="3 2"`));
  }
  marks.push(path(kept, { x, ...size }, `stroke="${colors.kept}" stroke-width="1.6"`));
  if (swapped) marks.push(diamond(at(swapped.here), `fill="${colors.swapped}"`));
  marks.push(`<circle cx="${fixed(x(kept.here))}" cy="${size.pointY}" r="${pointRadius}" fill="${colors.kept}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${marks.join('')}</svg>`;
}

type Point = readonly [x: number, y: number];

const fixed = (value: number): string => value.toFixed(1);

const line = ([x1, y1]: Point, [x2, y2]: Point, look: string): string =>
  `<line x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}" ${look}/>`;

type Scale = PictureSize & { readonly x: (p: number) => number };

/** From the row before through this row's point towards the next one's; pictures meet at their edges. */
function path({ before, here, after }: Around, { x, height, pointY }: Scale, look: string): string {
  const share = (height - pointY) / height;
  const points: Point[] = [
    ...(before === null ? [] : [[x(before + (here - before) * share), 0] as const]),
    [x(here), pointY],
    ...(after === null ? [] : [[x(here + (after - here) * share), height] as const]),
  ];
  return `<polyline points="${joined(points)}" fill="none" ${look}/>`;
}

function diamond([cx, cy]: Point, look: string): string {
  const r = pointRadius + 0.8;
  const corners: readonly Point[] = [
    [cx - r, cy],
    [cx, cy - r],
    [cx + r, cy],
    [cx, cy + r],
  ];
  return `<polygon points="${joined(corners)}" ${look}/>`;
}

const joined = (points: readonly Point[]): string => points.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(' ');
