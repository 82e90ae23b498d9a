// Owns the grammar of a conversation between two processes: frames, and how a contract type binds a method's parameters, events and answer.
// Must not know what is said (engine/service/contract, webview/protocol say it).
import type { Failure } from '../domain/failure';

export const wireVersion = 1;

/** One question, one answer. */
export type Ask<P, A> = { readonly params: P; readonly answer: A };
/** One question, any number of events, one answer. */
export type Flow<P, E, A> = Ask<P, A> & { readonly event: E };

/** Method name → Ask or Flow. */
export type Contract = Readonly<Record<string, Ask<unknown, unknown>>>;

export type EventOf<M> = M extends { readonly event: infer E } ? E : never;

export type Frame =
  | { readonly tag: 'ask'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly tag: 'event'; readonly id: number; readonly event: unknown }
  | { readonly tag: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly tag: 'fail'; readonly id: number; readonly failure: Failure }
  | { readonly tag: 'cancel'; readonly id: number };

export type HandlerContext<E> = { readonly signal: AbortSignal; readonly emit: (event: E) => void };

/** Every method of the contract, or it does not compile. A handler that throws answers with `fail`. */
export type Handlers<C extends Contract> = {
  readonly [M in keyof C]: (
    params: C[M]['params'],
    context: HandlerContext<EventOf<C[M]>>,
  ) => Promise<C[M]['answer']> | C[M]['answer'];
};

export type CallOptions<E> = { readonly signal?: AbortSignal; readonly onEvent?: (event: E) => void };

/** The asking side. */
export type Client<C extends Contract> = {
  readonly ask: <M extends keyof C & string>(
    method: M,
    params: C[M]['params'],
    options?: CallOptions<EventOf<C[M]>>,
  ) => Promise<C[M]['answer']>;
  readonly dispose: () => void;
};
