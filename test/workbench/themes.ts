// Owns the color themes in which views are looked at, and switching that of an open workbench: a workspace setting, which VS Code
// applies as soon as the file changes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import type { Workbench } from '../support/workbench';
import { seriousViolations } from './accessibility';

export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  contrast: 'Default High Contrast',
} as const;

export function setTheme(workspace: string, theme: string): void {
  fs.mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
  fs.writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
}

/** The themes besides the dark one that tests begin in, each with the class that the workbench carries then. */
const others = [
  ['light', themes.light, 'vs'],
  ['contrast', themes.contrast, 'hc-black'],
] as const;

type Look = { readonly workspace: string; readonly workbench: Workbench; readonly name: string };

/** A picture of the workbench in each of the other themes; then it is dark again. */
export async function pictureThemes({ workspace, workbench, name }: Look): Promise<void> {
  for (const [kind, theme, shown] of others) {
    setTheme(workspace, theme);
    await workbench.page.locator(`.monaco-workbench.${shown}`).waitFor();
    await workbench.screenshot(`${name}-${kind}`);
  }
  setTheme(workspace, themes.dark);
  await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
}

/** As above for a page of ours, in which axe finds nothing serious. */
export async function checkThemes(look: Look, frame: Frame): Promise<void> {
  const { workspace, workbench, name } = look;
  for (const [kind, theme] of others) {
    setTheme(workspace, theme);
    await frame.locator(`body[data-vscode-theme-id="${theme}"]`).waitFor();
    await workbench.screenshot(`${name}-${kind}`);
    assert.deepEqual(await seriousViolations(frame), [], `${name}, ${kind}`);
  }
  setTheme(workspace, themes.dark);
  await frame.locator(`body[data-vscode-theme-id="${themes.dark}"]`).waitFor();
}
