// Owns both ends of a conversation over a port: who answers (`serve`) and who asks (`connect`). Both may live on one port,
// because each tag travels in one role's direction. Must not know what is said, nor over what.
import { CancelledError, toError, toFailure, UserError } from '../domain/failure';
import type { CallOptions, Client, Contract, Frame, Handlers } from './contract';
import type { Port } from './port';

type AskFrame = Extract<Frame, { tag: 'ask' }>;

/** Answers every ask on the port until it closes; then the signals of the handlers at work fire. */
export function serve<C extends Contract>(port: Port, handlers: Handlers<C>): void {
  const running = new Map<number, AbortController>();
  port.onFrame((frame) => {
    if (frame.tag === 'ask') void answer(frame);
    else if (frame.tag === 'cancel') running.get(frame.id)?.abort();
  });
  port.onClose(() => {
    for (const controller of running.values()) controller.abort();
  });

  async function answer({ id, method, params }: AskFrame): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const emit = (event: unknown): void => {
      if (running.has(id)) port.post({ tag: 'event', id, event });
    };
    try {
      if (!Object.hasOwn(handlers, method)) throw new Error(`Nobody here answers "${method}".`);
      const result = await handlers[method as keyof C](params, { signal: controller.signal, emit });
      port.post({ tag: 'answer', id, answer: result });
    } catch (error) {
      port.post({ tag: 'fail', id, failure: toFailure(error) });
    } finally {
      running.delete(id);
    }
  }
}

type OpenCall = {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: ((event: unknown) => void) | undefined;
};

/**
 * The asking side. A call fails with the far side's failure; with `CancelledError` at once when its signal fires (the far side
 * is told); with a `UserError` that carries the port's own reason when the port closes.
 */
export function connect<C extends Contract>(port: Port): Client<C> {
  const calls = new Map<number, OpenCall>();
  let lastId = 0;
  let closedReason: string | null = null;

  port.onFrame((frame) => settle(calls, frame));
  port.onClose((reason) => {
    closedReason = reason;
    failAll(calls, () => new UserError(reason));
  });

  async function ask(method: string, params: unknown, options: CallOptions<unknown> = {}): Promise<unknown> {
    if (options.signal?.aborted) throw new CancelledError();
    if (closedReason !== null) throw new UserError(closedReason);
    lastId += 1;
    const id = lastId;
    const cancel = (): void => {
      const call = calls.get(id);
      if (!call) return;
      calls.delete(id);
      port.post({ tag: 'cancel', id });
      call.reject(new CancelledError());
    };
    options.signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<unknown>((resolve, reject) => {
        calls.set(id, { resolve, reject, onEvent: options.onEvent });
        port.post({ tag: 'ask', id, method, params });
      });
    } finally {
      calls.delete(id);
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  const dispose = (): void => {
    for (const id of calls.keys()) port.post({ tag: 'cancel', id });
    failAll(calls, () => new CancelledError());
  };
  return { ask: ask as Client<C>['ask'], dispose };
}

function settle(calls: Map<number, OpenCall>, frame: Frame): void {
  const call = calls.get(frame.id);
  if (!call) return;
  if (frame.tag === 'event') call.onEvent?.(frame.event);
  else if (frame.tag === 'answer') call.resolve(frame.answer);
  else if (frame.tag === 'fail') call.reject(toError(frame.failure));
}

function failAll(calls: Map<number, OpenCall>, error: () => Error): void {
  const open = [...calls.values()];
  calls.clear();
  for (const call of open) call.reject(error());
}
