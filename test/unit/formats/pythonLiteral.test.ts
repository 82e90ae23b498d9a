// The reader of Python literals against what Python itself reads in them (recorded; test:reference makes them anew), and under damage.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../engine/domain/failure';
import { parsePythonLiteral } from '../../../engine/formats/parts/pythonLiteral';
import { projectRoot } from '../../support/paths';

type Row = readonly [literal: string, json: string | null];
const rows: readonly Row[] = JSON.parse(
  fs.readFileSync(path.join(projectRoot, 'test/fixtures/python/literals.json'), 'utf8'),
);

/** `undefined` where it is refused. */
function read(literal: string): { readonly value: unknown } | undefined {
  try {
    return { value: parsePythonLiteral(literal) };
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return undefined;
  }
}

test('every recorded literal is read as Python reads it, or refused where Python refuses', () => {
  assert.ok(rows.length > 300 && rows.some(([, json]) => json === null));
  for (const [literal, json] of rows) {
    assert.deepEqual(read(literal), json === null ? undefined : { value: JSON.parse(json) }, literal);
  }
});

test('a literal that is cut off anywhere is refused or is a shorter literal, never a crash', () => {
  for (const [literal] of rows) for (let end = 0; end < literal.length; end += 1) read(literal.slice(0, end));
});

test('a refusal names the place', () => {
  assert.throws(() => parsePythonLiteral("[{'role': 'user', oops}]"), /character 19.*|at "oops}\]" \(character 19\)/);
});

test('a key named __proto__ is a key', () => {
  const value = parsePythonLiteral("{'__proto__': {'x': 1}}") as Record<string, unknown>;
  assert.deepEqual(Object.keys(value), ['__proto__']);
  assert.equal('x' in value, false);
});

test('long strings and long lists take linear time', () => {
  const startedAt = performance.now();
  const long = `["${"it's \\n ".repeat(200_000)}", ${'1, '.repeat(200_000)}]`;
  assert.equal((parsePythonLiteral(long) as unknown[]).length, 200_001);
  assert.ok(performance.now() - startedAt < 3000);
});
