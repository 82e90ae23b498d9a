// The table of everything that package.json's `contributes` holds: `node build.mjs manifest` writes it, a test compares it.
import { category, commands } from './commands';
import { menus } from './menus';
import { panelViews, viewsContainers } from './panels';
import { settings } from './settings';

export const contributes = {
  commands: Object.values(commands).map(({ id, title, icon }) => ({ command: id, title, category, icon })),
  menus,
  viewsContainers,
  views: panelViews,
  configuration: { title: 'Counterthought', properties: settings },
} as const;
