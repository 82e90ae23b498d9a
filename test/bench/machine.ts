// Owns what is said of the machine: processor, load, and how fast one core reads memory. Must not know what is measured on it.
import os from 'node:os';

export type Machine = {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly platform: string;
  /** Processes that wanted to run, over the last minute; above the number of cores, wall times mean little. */
  readonly loadAverage: number;
  /** Gigabytes a second that one core reads, best of some. */
  readonly readGbPerSecond: number;
};

export function describeMachine(): Machine {
  const [cpu] = os.cpus();
  return {
    processor: cpu?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memoryGb: Math.round(os.totalmem() / 1e9),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    loadAverage: Math.round(os.loadavg()[0]! * 10) / 10,
    readGbPerSecond: Math.round(readBandwidth() * 10) / 10,
  };
}

const bytes = 256e6;
const attempts = 8;

/** By comparing two equal buffers far larger than any cache, in CPU time. */
function readBandwidth(): number {
  const [one, other] = [Buffer.alloc(bytes, 1), Buffer.alloc(bytes, 1)];
  let best = 0;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = process.cpuUsage();
    if (!one.equals(other)) throw new Error('memory is not what was written');
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (2 * bytes) / ((user + system) * 1e3));
  }
  return best;
}
