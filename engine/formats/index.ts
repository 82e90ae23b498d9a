// Owns the table of formats: one line each. Which one reads a file is decided by its content.
import { chat } from './chat';
import type { Format } from './format';
import { rlLoans } from './rlLoans';

export const formats: readonly Format[] = [rlLoans, chat];
