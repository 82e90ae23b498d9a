// Owns writing items as JSON lines.
import type { ExportFormat } from './export';
import { exportRecord } from './exportRow';
import { writeTextFile } from './textFile';

export const jsonlExport: ExportFormat = {
  id: 'jsonl',
  title: 'JSON lines',
  about:
    'One object a sample with its prompt, reasoning, answer, probabilities and the hash of the manifest; texts are exact.',
  extension: '.jsonl',
  async write({ items, out }) {
    let count = 0;
    async function* lines(): AsyncGenerator<string> {
      for await (const item of items) {
        count += 1;
        yield `${JSON.stringify(exportRecord(item))}\n`;
      }
    }
    await writeTextFile(out, lines());
    return count;
  },
};
