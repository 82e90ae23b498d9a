// Splitting bytes into records gives the same ranges however the bytes are cut into chunks, in every encoding.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvCells, csvDelimiter, csvSplitter } from '../../../engine/formats/records/csvSplitter';
import { type Encoding, encodingOf } from '../../../engine/formats/records/encoding';
import { lineSplitter } from '../../../engine/formats/records/lineSplitter';
import type { Slice, Splitter } from '../../../engine/formats/records/splitter';
import { valueSplitter } from '../../../engine/formats/records/valueSplitter';

const encodings = ['utf8', 'utf16le', 'utf16be'] as const;

function encode(text: string, encoding: (typeof encodings)[number]): Buffer {
  if (encoding === 'utf8') return Buffer.from(`\ufeff${text}`);
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf16be' ? bytes.swap16() : bytes;
}

function run(bytes: Uint8Array, make: (encoding: Encoding) => Splitter, chunk: number): readonly Slice[] {
  const encoding = encodingOf(bytes);
  const splitter = make(encoding);
  const slices: Slice[] = [];
  for (let at = encoding.markLength; at < bytes.length; at += chunk * encoding.unit) {
    slices.push(...splitter.push(bytes.subarray(at, at + chunk * encoding.unit)));
  }
  return [...slices, ...splitter.end()];
}

function check(
  text: string,
  make: (encoding: Encoding) => Splitter,
  records: readonly (readonly [line: number, text: string])[],
): void {
  for (const name of encodings) {
    const bytes = encode(text, name);
    for (const chunk of [1, 2, 3, 7, 1000]) {
      const slices = run(bytes, make, chunk);
      const decoder = new TextDecoder(name === 'utf8' ? 'utf-8' : name === 'utf16le' ? 'utf-16le' : 'utf-16be');
      assert.deepEqual(
        slices.map((slice) => [slice.line, decoder.decode(slice.bytes)]),
        records,
        `${name}, chunks of ${chunk}`,
      );
      for (const slice of slices) assert.deepEqual(Buffer.from(slice.bytes), bytes.subarray(slice.start, slice.end));
    }
  }
}

test('lines: blank ones and line ends are no part of records', () => {
  check('{"a":"ä"}\r\n\n  \r\n{"b":"漢\u010a"}\n[1]', lineSplitter, [
    [1, '{"a":"ä"}'],
    [4, '{"b":"漢\u010a"}'],
    [5, '[1]'],
  ]);
});

test('values: brackets and quotes in strings do not count', () => {
  const text = '{"a": "}\\"]{"}\n\n {"b": [1, {"c": 2}]}{"d":"\\\\"} 5 "x y" true';
  const records = [
    [1, '{"a": "}\\"]{"}'],
    [3, '{"b": [1, {"c": 2}]}'],
    [3, '{"d":"\\\\"}'],
    [3, '5'],
    [3, '"x y"'],
    [3, 'true'],
  ] as const;
  check(text, (encoding) => valueSplitter(encoding, true), records);
});

test('values: the elements of an array, or the array', () => {
  const text = '[\n{"a": [1]},\n[2, 3] , 4\n]\n';
  check(text, (encoding) => valueSplitter(encoding, true), [
    [2, '{"a": [1]}'],
    [3, '[2, 3]'],
    [3, '4'],
  ]);
  check(text, (encoding) => valueSplitter(encoding, false), [[1, text.trim()]]);
});

test('values: several arrays behind one another', () => {
  check('[1] [[2], "x"][3]', (encoding) => valueSplitter(encoding, true), [
    [1, '1'],
    [1, '[2]'],
    [1, '"x"'],
    [1, '3'],
  ]);
});

test('values: one that never closes reaches to the end', () => {
  check('{"a": 1} {"b": [', (encoding) => valueSplitter(encoding, true), [
    [1, '{"a": 1}'],
    [1, '{"b": ['],
  ]);
});

test('rows: quoted cells hold line breaks, delimiters and doubled quotes', () => {
  const rows = ['a,b', '"x\n""y"", z",2', 'in "the" middle,3', '"",'] as const;
  check(rows.join('\n'), (encoding) => csvSplitter(encoding, ','), [
    [1, rows[0]],
    [2, rows[1]],
    [4, rows[2]],
    [5, rows[3]],
  ]);
  assert.deepEqual(
    rows.map((row) => csvCells(row, ',')),
    [
      ['a', 'b'],
      ['x\n"y", z', '2'],
      ['in "the" middle', '3'],
      ['', ''],
    ],
  );
});

test('the delimiter is the one under which rows agree', () => {
  assert.equal(csvDelimiter('a\tb\n1,2\t3\n4\t5,6\n', true), '\t');
  assert.equal(csvDelimiter('a;b\n"x;\ny";2\n', true), ';');
  assert.equal(csvDelimiter('One, two.\nThree.\n', true), null);
});
