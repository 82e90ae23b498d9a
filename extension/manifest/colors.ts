// Owns the colors that no theme has: what is quiet in dark and light themes may hide text in those of high contrast, which frame instead.

export const colorIds = {
  decidedBackground: 'counterthought.decidedBackground',
  decidedBorder: 'counterthought.decidedBorder',
} as const;

const none = '#00000000';
const quiet = 'editor.inactiveSelectionBackground';
const frame = 'contrastActiveBorder';

export const colors = [
  {
    id: colorIds.decidedBackground,
    description: 'Ground of the step of a trace at which its decision falls.',
    defaults: { dark: quiet, light: quiet, highContrast: none, highContrastLight: none },
  },
  {
    id: colorIds.decidedBorder,
    description: 'Frame of the step of a trace at which its decision falls.',
    defaults: { dark: none, light: none, highContrast: frame, highContrastLight: frame },
  },
] as const;
