// The table of everything that package.json holds for VS Code: `node build.mjs manifest` writes it, with its words in package.nls.json, and a
// test compares both.
import { capabilities } from './capabilities';
import { colors } from './colors';
import { category, commands } from './commands';
import { customEditors } from './editors';
import { keybindings } from './keybindings';
import { menus, submenus } from './menus';
import { localized } from './nls';
import { panelViews, viewsContainers, viewsWelcome } from './panels';
import { settings } from './settings';
import { configurationDefaults, grammars, languages } from './traceLanguage';
import { walkthroughs } from './walkthroughs';

export const contributes = {
  commands: Object.values(commands).map(({ id, title, icon }) => ({ command: id, title, category, icon })),
  customEditors,
  submenus,
  menus,
  keybindings,
  viewsContainers,
  views: panelViews,
  viewsWelcome,
  walkthroughs,
  colors,
  languages,
  grammars,
  configurationDefaults,
  configuration: { title: 'Counterthought', properties: settings },
} as const;

/** Parts of package.json, and the words that their keys stand for. */
export const manifest = localized({ capabilities, contributes }, category);
