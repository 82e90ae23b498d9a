// Owns asking axe about a page: what it finds serious or critical, in words.

import { source } from 'axe-core';
import type { Frame } from 'playwright-core';

type Violation = { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] };

/** The serious and critical violations, each as `rule: first element`; empty is what we want. */
export async function seriousViolations(frame: Frame): Promise<readonly string[]> {
  // The page's policy forbids injected script tags; evaluating in the page's world does not need one.
  const violations: readonly Violation[] = await frame.evaluate(
    `${source}; axe.run().then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
