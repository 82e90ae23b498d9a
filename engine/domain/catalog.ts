// Owns the descriptors by which a page, a picker or CLI help learns what tables hold. Descriptors travel, code does not.
import type { Close, Keep } from './condition';
import type { ParamDescriptor } from './params';

export type TraceEditDescriptor = {
  readonly id: string;
  readonly title: string;
  /** The question that this edit asks of the model, for a person. */
  readonly question: string;
  readonly keep: Keep;
  readonly close: Close;
  /** What it must be told besides. One without a default must be asked for, so a picker that cannot ask leaves the edit out. */
  readonly params: readonly ParamDescriptor[];
  /** What it takes beyond the example: a swap of the prompt, another example, a model that can rewrite sentences. */
  readonly needs?: 'swap' | 'partner' | 'helper';
};

export type PromptEditDescriptor = {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly params: readonly ParamDescriptor[];
  /** What it takes beyond the example: a model that can rewrite sentences. */
  readonly needs?: 'helper';
};

export type NamedDescriptor = { readonly id: string; readonly title: string };

/** A way to write examples and runs for other tools; `extension` with its dot, `null`: it is a folder. */
export type ExportDescriptor = NamedDescriptor & { readonly about: string; readonly extension: string | null };

export type Catalog = {
  readonly traceEdits: readonly TraceEditDescriptor[];
  readonly promptEdits: readonly PromptEditDescriptor[];
  readonly formats: readonly NamedDescriptor[];
  readonly answers: readonly NamedDescriptor[];
  readonly exports: readonly ExportDescriptor[];
};
