// Owns reading the settings that the manifest declares. Defaults come from there.
import * as vscode from 'vscode';
import type { SettingName, settings } from '../manifest/settings';

type Widen<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends readonly (infer E)[]
        ? readonly Widen<E>[]
        : T;

/** The value of a declared setting, for a file's folder where one is given. */
export function setting<N extends SettingName>(name: N, scope?: vscode.Uri): Widen<(typeof settings)[N]['default']> {
  return vscode.workspace.getConfiguration(undefined, scope ?? null).get(name) as Widen<
    (typeof settings)[N]['default']
  >;
}
