// Owns the table of views: data only, shared by the page, the host and the manifest. A view is one line here and one file in views/.

export const viewTable = {
  flips: { id: 'counterthought.flips', title: 'Flip rates' },
  traces: { id: 'counterthought.traces', title: 'Traces' },
  diff: { id: 'counterthought.diff', title: 'Original and regenerated' },
} as const;

export type ViewName = keyof typeof viewTable;
