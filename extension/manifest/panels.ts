// Owns the panel's container and its view.
import { viewTable } from '../../webview/views';

const container = 'counterthoughtPanel';
const icon = 'extension/media/icon.svg';

export const viewsContainers = { panel: [{ id: container, title: 'Counterthought', icon }] } as const;

export const panelViews = {
  [container]: [{ type: 'webview', id: viewTable.flips.id, name: viewTable.flips.title, icon }],
} as const;
