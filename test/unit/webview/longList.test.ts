// A list of millions of rows in a space that browsers can lay out: every row can be reached, and is where it is drawn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highestSpace, listTop, rowTop, scrollToShow, spaceHeight, visibleRows } from '../../../webview/ui/longList';

const short = { rowHeight: 26, total: 1000, viewHeight: 520 };
const long = { rowHeight: 26, total: 5_000_000, viewHeight: 520 };

test('a short list is not compressed', () => {
  assert.equal(spaceHeight(short), 26_000);
  assert.equal(listTop(1300, short), 1300);
  assert.equal(rowTop(60, 1300, short), 1560);
  assert.deepEqual(visibleRows(1300, short), { first: 40, last: 80 });
});

test('a long list ends with its last row, and begins with its first', () => {
  assert.equal(spaceHeight(long), highestSpace);
  const end = spaceHeight(long) - long.viewHeight;
  assert.equal(visibleRows(end, long).last, long.total);
  assert.equal(visibleRows(0, long).first, 0);
  const lastTop = rowTop(long.total - 1, end, long) - end;
  assert.ok(
    Math.abs(lastTop - (long.viewHeight - long.rowHeight)) < 0.5,
    `the last row stands at the end, at ${lastTop}`,
  );
});

test('scrolling to a row shows it whole, wherever the list was', () => {
  for (const list of [short, long, { ...short, total: 3 }]) {
    for (const share of [0, 0.2, 0.5, 0.999, 1]) {
      const row = Math.round(share * (list.total - 1));
      for (const from of [0, 0.5 * Math.max(0, spaceHeight(list) - list.viewHeight)]) {
        const scrollTop = scrollToShow(row, from, list);
        const top = rowTop(row, scrollTop, list) - scrollTop;
        assert.ok(top > -0.5 && top + list.rowHeight < list.viewHeight + 0.5, `row ${row} of ${list.total} at ${top}`);
        const { first, last } = visibleRows(scrollTop, list);
        assert.ok(first <= row && row < last);
      }
    }
  }
});

test('a row that is shown already does not move the list', () => {
  assert.equal(scrollToShow(45, 1050, short), 1050);
  const at = scrollToShow(2_500_000, 0, long);
  assert.equal(scrollToShow(2_499_995, at, long), at);
});
