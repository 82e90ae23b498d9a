// Owns the one thing that the wire needs of a transport. Must not know any transport.
import type { Frame } from './contract';

export type Port = {
  readonly post: (frame: Frame) => void;
  readonly onFrame: (listener: (frame: Frame) => void) => void;
  /** Called once when nothing can arrive any more; the reason is for people. */
  readonly onClose: (listener: (reason: string) => void) => void;
  readonly close: () => void;
};
