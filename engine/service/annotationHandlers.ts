// Owns what an engine process answers about annotations, and about runs with them. Must not know where runs lie.
import { appendAnnotation, readAnnotations } from '../store/annotationLog';
import type { Handlers } from '../wire/contract';
import type { EngineContract } from './contract';
import { type RunQueries, workspaceOf } from './runQueries';

type Methods = 'annotate' | 'annotations' | 'groups' | 'rows';

export function annotationHandlers(queries: RunQueries): Pick<Handlers<EngineContract>, Methods> {
  const standing = (dir: string) => readAnnotations(workspaceOf(dir));
  return {
    annotate: ({ root, event }) => {
      appendAnnotation(root, event);
      return null;
    },
    annotations: ({ root }) => readAnnotations(root),
    groups: (query) => queries.groups(query, standing(query.dir)),
    rows: (query) => queries.rows(query, standing(query.dir)),
  };
}
