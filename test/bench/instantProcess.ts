// The process of the instant server: its own, so that what is measured is the client alone.
import { loadModelText } from '../../engine/text/loadModelText';
import { serve } from './childProcess';
import { startInstantServer } from './instantServer';

export type InstantSpec = { readonly tokenizer: string };

serve<InstantSpec, object>(async ({ tokenizer }) => {
  const server = await startInstantServer(await loadModelText(tokenizer));
  const answer = async () => {
    const { user, system } = process.cpuUsage();
    const { rss } = process.memoryUsage();
    const used = { cpuMs: (user + system) / 1e3, wallMs: performance.now(), rssMb: rss / 1e6, peakMb: rss / 1e6 };
    return { ...used, tokens: server.answered(), ids: [] };
  };
  return { about: server.url, answer };
});
