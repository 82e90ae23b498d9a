// Owns the page's end of the wire: what the views ask the host with, and what they keep across reloads.
// Must not know any view.

import type { Client, Handlers } from '../engine/wire/contract';
import { messagePort } from '../engine/wire/messagePort';
import { connect, serve } from '../engine/wire/peer';
import type { PageContract, PageReady, TracesContract, ViewContract } from './protocol';

type EditorApi = {
  readonly postMessage: (message: unknown) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
};

declare const acquireVsCodeApi: () => EditorApi;

/** A host answers the contract of the view that it asked for. */
type AnyViewContract = ViewContract & TracesContract;

export type Page = {
  readonly ask: Client<AnyViewContract>['ask'];
  /** What this page saved before it was hidden or reloaded; `undefined` at first. */
  readonly saved: () => unknown;
  readonly save: (state: unknown) => void;
};

/** Tells the host that the page is there, and opens the wire. */
export function openPage(handlers: Handlers<PageContract>): Page {
  const api = acquireVsCodeApi();
  const port = messagePort({
    post: (message) => api.postMessage(message),
    subscribe: (listener) => {
      const onMessage = ({ data }: MessageEvent<unknown>): void => listener(data);
      window.addEventListener('message', onMessage);
      return () => window.removeEventListener('message', onMessage);
    },
  });
  serve<PageContract>(port, handlers);
  const { ask } = connect<AnyViewContract>(port);
  api.postMessage({ page: 'ready' } satisfies PageReady);
  return { ask, saved: api.getState, save: api.setState };
}
