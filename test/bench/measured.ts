// Owns what every measured process says of a piece of work, and measuring it in that process. Must not know engines.

export type Measured = {
  /** Of the whole process, all threads. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Resident memory when the work was done. */
  readonly rssMb: number;
  /** Most resident memory of the process so far, loading included. */
  readonly peakMb: number;
  /** Rows that went through the network, as far as the engine counts them. */
  readonly tokens: number;
  /** Ids of each continuation, without those before it. */
  readonly ids: readonly (readonly number[])[];
};

export type Work = Pick<Measured, 'tokens' | 'ids'>;

export async function measure(work: () => Promise<Work>): Promise<Measured> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const done = await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const rssMb = process.memoryUsage.rss() / 1e6;
  const peakMb = process.resourceUsage().maxRSS / 1e3;
  return { ...done, cpuMs: (user + system) / 1e3, wallMs, rssMb, peakMb };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
