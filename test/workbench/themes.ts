// Owns switching the color theme of an open workbench: a workspace setting, which VS Code applies as soon as the file changes.
import fs from 'node:fs';
import path from 'node:path';

export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  contrast: 'Default High Contrast',
} as const;

export function setTheme(workspace: string, theme: string): void {
  fs.mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
  fs.writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
}
