// Owns writing items as JSON lines, a line an item. Must not know what an item becomes.
import type { ExportItem, ExportRequest } from './export';
import { writeTextFile } from './textFile';

/** @returns how many lines were written */
export async function writeJsonLines(
  { items, out }: Pick<ExportRequest, 'items' | 'out'>,
  rowOf: (item: ExportItem) => unknown,
): Promise<number> {
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const item of items) {
      count += 1;
      yield `${JSON.stringify(rowOf(item))}\n`;
    }
  }
  await writeTextFile(out, lines());
  return count;
}
