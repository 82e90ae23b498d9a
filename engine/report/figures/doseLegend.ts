// Owns the legend of the dose-response figure: what marks and lines mean. The shapes are those of the first panel.
import type { CurvePair } from '../curveTitles';
import type { Place } from './axes';
import type { Layout, Shape } from './drawing';
import { marker } from './forestMarks';

type Item = { readonly marks: (at: Place) => readonly Shape[]; readonly text: string; readonly room: number };

export function doseLegend(pairs: readonly CurvePair[], { x, y }: Place, layout: Layout): readonly Shape[] {
  const items = itemsFor(pairs);
  const lines = layout === 'page' ? [items] : [items.slice(0, 2), items.slice(2)];
  return lines.flatMap((line, index) => {
    let left = x;
    return line.flatMap(({ marks, text, room }) => {
      const at = { x: left, y: y + index * 20 };
      left += room;
      return [...marks(at), { kind: 'text', x: at.x + 33, y: at.y + 4, text, size: 12 } as const];
    });
  });
}

function itemsFor(pairs: readonly CurvePair[]): readonly Item[] {
  const stroke = (pairs[0]?.plain ?? pairs[0]?.edited)?.close ?? 'closed';
  const rule = ({ x, y }: Place): Shape => ({ kind: 'path', d: `M${x} ${y}h26`, stroke, strokeWidth: 2 });
  const middle = ({ x, y }: Place): Place => ({ x: x + 13, y });
  return [
    {
      marks: (at) => [{ ...rule(at), dashes: [5, 4] } as Shape, marker(middle(at), stroke, false)],
      text: 'prompt left alone',
      room: 152,
    },
    { marks: (at) => [rule(at), marker(middle(at), stroke, true)], text: 'prompt edited', room: 132 },
    {
      marks: ({ x, y }) => [{ kind: 'path', d: `M${x + 13} ${y - 8}v16`, stroke, strokeWidth: 1.5 }],
      text: '95% interval',
      room: 122,
    },
    {
      marks: ({ x, y }) => [{ kind: 'rect', x, y: y - 8, width: 26, height: 16, fill: stroke, fillOpacity: 0.14 }],
      text: 'band over all cuts',
      room: 152,
    },
    {
      marks: ({ x, y }) => [{ kind: 'path', d: `M${x + 13} ${y - 5}l6 10h-12z`, stroke, strokeWidth: 1.5 }],
      text: 'decided',
      room: 80,
    },
  ];
}
