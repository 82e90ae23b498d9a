// Owns two ports that are each other's far end, in memory: the reference transport, and what tests speak over.
// Frames arrive later and in order, as over a real border.
import type { Frame } from './contract';
import { type OpenPort, openPort } from './openPort';
import type { Port } from './port';

/** Two connected ports. Closing one closes the other. */
export function portPair(): readonly [Port, Port] {
  const ends: OpenPort[] = [];
  const open = (far: number): OpenPort =>
    openPort({
      post: (frame: Frame) => queueMicrotask(() => ends[far]?.deliver(frame)),
      release: () => queueMicrotask(() => ends[far]?.end('The other side closed the connection.')),
    });
  const near = open(1);
  const far = open(0);
  ends.push(near, far);
  return [near.port, far.port];
}
