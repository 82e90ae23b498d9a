// The table of everything that package.json's `contributes` holds: `node build.mjs manifest` writes it, a test compares it.
import { category, commands } from './commands';
import { customEditors } from './editors';
import { keybindings } from './keybindings';
import { menus } from './menus';
import { panelViews, viewsContainers, viewsWelcome } from './panels';
import { settings } from './settings';
import { configurationDefaults, grammars, languages } from './traceLanguage';
import { walkthroughs } from './walkthroughs';

export const contributes = {
  commands: Object.values(commands).map(({ id, title, icon }) => ({ command: id, title, category, icon })),
  customEditors,
  menus,
  keybindings,
  viewsContainers,
  views: panelViews,
  viewsWelcome,
  walkthroughs,
  languages,
  grammars,
  configurationDefaults,
  configuration: { title: 'Counterthought', properties: settings },
} as const;
