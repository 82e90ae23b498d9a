// Owns the sentence about what servers were asked for. Pure.
import type { Traffic } from '../domain/run';

const grouped = (count: number): string => count.toLocaleString('en-US');

export function trafficText({ requests, retries, promptTokens, cachedTokens, completionTokens }: Traffic): string {
  const share = promptTokens === 0 ? 0 : Math.round((100 * cachedTokens) / promptTokens);
  const again = retries === 0 ? '' : `, ${grouped(retries)} of them again after a failure`;
  return `Servers: ${grouped(requests)} requests${again}; ${grouped(promptTokens)} prompt tokens, ${share} % of them found in a prefix cache; ${grouped(completionTokens)} tokens written.`;
}
