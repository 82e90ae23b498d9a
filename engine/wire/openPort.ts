// Owns what every transport shares: listeners, closing once, and dropping what comes after. Must not know any transport.
import type { Frame } from './contract';
import type { Port } from './port';

/** What a transport does for its port. Neither is called again once the port is closed. */
export type Transport = {
  readonly post: (frame: Frame) => void;
  /** The port's owner closed it; the transport lets go of its resources. */
  readonly release: () => void;
};

/** The transport's own handle on its port. */
export type OpenPort = {
  readonly port: Port;
  readonly deliver: (frame: Frame) => void;
  /** Nothing can arrive any more. Later calls do nothing. */
  readonly end: (reason: string) => void;
};

/** Makes a port of a transport. Listeners added after the end hear of it at once. */
export function openPort(transport: Transport): OpenPort {
  const frameListeners: ((frame: Frame) => void)[] = [];
  const closeListeners: ((reason: string) => void)[] = [];
  let ended: string | null = null;

  const end = (reason: string): void => {
    if (ended !== null) return;
    ended = reason;
    for (const listener of closeListeners.splice(0)) listener(reason);
    frameListeners.length = 0;
  };
  const port: Port = {
    post: (frame) => {
      if (ended === null) transport.post(frame);
    },
    onFrame: (listener) => {
      if (ended === null) frameListeners.push(listener);
    },
    onClose: (listener) => {
      if (ended === null) closeListeners.push(listener);
      else listener(ended);
    },
    close: () => {
      if (ended !== null) return;
      end('The connection was closed.');
      transport.release();
    },
  };
  const deliver = (frame: Frame): void => {
    for (const listener of [...frameListeners]) listener(frame);
  };
  return { port, deliver, end };
}
