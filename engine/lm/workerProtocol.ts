// Owns what the model's worker thread and its owner say to each other. Types only.
import type { Failure } from '../domain/failure';
import type { Job, LeafEvent } from '../domain/job';
import type { ModelRecord } from '../domain/run';
import type { PackedText } from '../text/outputText';
import type { LoadOptions } from './loadModel';

/** Given to the worker when it starts. */
export type WorkerSpec = { readonly folder: string; readonly text: PackedText; readonly options: LoadOptions };

export type ToWorker =
  | { readonly type: 'run'; readonly id: number; readonly job: Job }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' };

export type FromWorker =
  | {
      readonly type: 'opened';
      readonly record: ModelRecord;
      readonly contextTokens: number;
      readonly exact: boolean;
      readonly threads: number;
    }
  | { readonly type: 'refused'; readonly failure: Failure }
  | { readonly type: 'events'; readonly id: number; readonly events: readonly LeafEvent[] }
  | { readonly type: 'finished'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };
