// Owns the colors of figures on paper: those of the report's light side, told apart in gray and by color-blind eyes as shapes also do.
import type { Ink } from './drawing';

export const printColors: Readonly<Record<Ink, string>> = {
  closed: '#0b5f8a',
  open: '#a8460f',
  noise: '#6b5fb5',
  ink: '#1b1f24',
  paper: '#ffffff',
};
