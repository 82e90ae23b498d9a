// Owns the table of ways to write runs and trace files out: one line each.
import { csvExport } from './csvExport';
import type { ExportFormat } from './export';
import { inspectExport } from './inspectExport';
import { jsonlExport } from './jsonlExport';
import { parquetExport } from './parquetExport';
import { rlLoansExport } from './rlLoansExport';
import { thoughtAnchorsExport } from './thoughtAnchorsExport';

export const exportFormats: readonly ExportFormat[] = [
  jsonlExport,
  csvExport,
  parquetExport,
  inspectExport,
  rlLoansExport,
  thoughtAnchorsExport,
];
