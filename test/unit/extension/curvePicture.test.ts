// One step's part of the decision curves: it meets its neighbors, stays inside its frame, holds no text, and can be seen on every theme.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CurveRow, curvePicture, type Palette, type PictureSize } from '../../../extension/trace/curvePicture';

const size: PictureSize = { width: 100, height: 36, pointY: 32 };

const pathsOf = (svg: string): readonly (readonly (readonly [number, number])[])[] =>
  [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number) as [number, number]),
  );

const row = (before: number | null, here: number, after: number | null): CurveRow => ({
  kept: { before, here, after },
  swapped: { before, here: 1 - here, after },
});

/** Relative luminance and contrast as WCAG defines them. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
    const [r = 0, g = 0, blue = 0] = parts.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const backgrounds: Readonly<Record<Palette, readonly string[]>> = {
  dark: ['#1f1f1f', '#000000'],
  light: ['#ffffff', '#f3f3f3'],
};

describe('the picture of a step', () => {
  test('goes on where the picture above ended', () => {
    const [kept] = pathsOf(
      curvePicture({ kept: { before: null, here: 0.2, after: 0.9 }, swapped: null }, size, 'dark'),
    );
    const [next] = pathsOf(
      curvePicture({ kept: { before: 0.2, here: 0.9, after: null }, swapped: null }, size, 'dark'),
    );
    assert.deepEqual(kept?.at(-1)?.[1], size.height);
    assert.deepEqual(next?.[0]?.[1], 0);
    assert.ok(Math.abs((kept?.at(-1)?.[0] ?? 0) - (next?.[0]?.[0] ?? 99)) <= 0.1);
  });

  test('stays inside its frame, whatever the probabilities', () => {
    for (const here of [-1, 0, 0.5, 1, 2]) {
      for (const path of pathsOf(curvePicture(row(0, here, 1), size, 'light'))) {
        for (const [x, y] of path) assert.ok(x >= 0 && x <= size.width && y >= 0 && y <= size.height, `${x},${y}`);
      }
    }
  });

  test('tells the curves apart by their shapes too, and says nothing by text', () => {
    const svg = curvePicture(row(null, 0.5, null), size, 'dark');
    assert.match(svg, /<circle /);
    assert.match(svg, /<polygon /);
    assert.match(svg, /stroke-dasharray/);
    assert.doesNotMatch(svg, /<text|<script|href/);
  });

  for (const palette of ['dark', 'light'] as const) {
    test(`can be seen on ${palette} themes`, () => {
      const colors = [...curvePicture(row(0, 0.5, 1), size, palette).matchAll(/fill="(#\w{6})"/g)].map(
        ([, color = '']) => color,
      );
      assert.equal(colors.length, 2);
      for (const color of colors) {
        for (const background of backgrounds[palette]) {
          assert.ok(contrast(color, background) >= 3, `${color} on ${background}`);
        }
      }
    });
  }
});
