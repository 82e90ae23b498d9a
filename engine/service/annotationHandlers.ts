// Owns what an engine process answers about annotations. Must not know where runs lie.
import { appendAnnotation, importAnnotations, readAnnotations } from '../store/annotationLog';
import type { Handlers } from '../wire/contract';
import type { EngineContract } from './contract';
import { exportAnnotations } from './exportAnnotations';
import { agreementOf } from './review';
import { type RunQueries, workspaceOf } from './runQueries';

type Methods =
  | 'annotate'
  | 'annotations'
  | 'importAnnotations'
  | 'exportAnnotations'
  | 'agreement'
  | 'reviewQueue'
  | 'groups'
  | 'rows';

export function annotationHandlers(queries: RunQueries): Pick<Handlers<EngineContract>, Methods> {
  const standing = (dir: string) => readAnnotations(workspaceOf(dir));
  return {
    annotate: ({ root, event }) => {
      appendAnnotation(root, event);
      return null;
    },
    annotations: ({ root }) => readAnnotations(root),
    importAnnotations: ({ root, file }) => importAnnotations(root, file),
    exportAnnotations: ({ root, out }) => exportAnnotations(readAnnotations(root), out),
    agreement: ({ root }) => agreementOf(readAnnotations(root)),
    reviewQueue: async ({ dir, ask }) => {
      await queries.learnAll(dir);
      return queries.reviewQueue(dir, standing(dir), ask);
    },
    groups: async (query) => {
      await queries.learn(query.dir);
      if (query.by !== null) await queries.learnAll(query.dir);
      return queries.groups(query, standing(query.dir));
    },
    rows: async (query) => {
      await queries.learn(query.dir);
      return queries.rows(query, standing(query.dir));
    },
  };
}
