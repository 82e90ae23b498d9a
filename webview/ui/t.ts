// Owns the words of the page in the person's language: English stands in the code, `node build.mjs manifest` collects it for translators, and the
// host sends what it has with its first answer. Messages are plain strings; `{0}`, `{1}`, … stand for values. Must not know any view.
import { count } from '../../engine/report/numbers';

type Values = readonly (string | number)[];

let texts: Readonly<Record<string, string>> = {};

/** Called once, before any view is loaded. @param translated English message → the person's language; what is missing stays English */
export function speak(translated: Readonly<Record<string, string>>): void {
  texts = translated;
}

const place = /\{(\d+)\}/g;
const said = (message: string): string => texts[message] ?? message;
const filled = (message: string, values: Values): string =>
  said(message).replace(place, (sign, at: string) => String(values[Number(at)] ?? sign));

export const t = (message: string, ...values: Values): string => filled(message, values);

/** Chooses by the number, which stands in both messages as `{0}`, with thousands apart. */
export const plural = (one: string, many: string, n: number): string => filled(n === 1 ? one : many, [count(n)]);

/** As `t` where a value is a template: the pieces in the order of the language, to be put into a template. */
export const parts = (message: string, ...values: readonly unknown[]): readonly unknown[] =>
  // The pattern's group makes every second piece the number of a value.
  said(message)
    .split(place)
    .map((piece, i) => (i % 2 === 1 ? values[Number(piece)] : piece));
