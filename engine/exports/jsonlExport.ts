// Owns writing items as JSON lines.
import type { ExportFormat } from './export';
import { exportRecord } from './exportRow';
import { writeJsonLines } from './jsonLines';

export const jsonlExport: ExportFormat = {
  id: 'jsonl',
  title: 'JSON lines',
  about:
    'One object a sample with its prompt, reasoning, answer, probabilities and the hash of the manifest; texts are exact.',
  extension: '.jsonl',
  write: (request) => writeJsonLines(request, exportRecord),
};
