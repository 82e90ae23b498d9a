// Owns the port over anything that posts and receives plain messages (a webview and its page). Messages that are no frames are
// somebody else's and are ignored. Must not know windows or editors.
import type { Frame } from './contract';
import { openPort } from './openPort';
import type { Port } from './port';

export type MessageChannel = {
  readonly post: (message: unknown) => void;
  /** Returns how to stop listening. */
  readonly subscribe: (listener: (message: unknown) => void) => () => void;
};

const tags: readonly unknown[] = ['ask', 'event', 'answer', 'fail', 'cancel'] satisfies Frame['tag'][];

/** A port over a message channel; it ends when its owner closes it. */
export function messagePort(channel: MessageChannel): Port {
  const open = openPort({ post: channel.post, release: () => unsubscribe() });
  const unsubscribe = channel.subscribe((message) => {
    if (isFrame(message)) open.deliver(message);
  });
  return open.port;
}

function isFrame(message: unknown): message is Frame {
  if (typeof message !== 'object' || message === null) return false;
  const { tag, id } = message as { readonly tag?: unknown; readonly id?: unknown };
  return tags.includes(tag) && typeof id === 'number';
}
