// Owns how a table entry (an intervention, a backend) describes its parameters, so that pickers, CLI help and checks derive from it.
// Must not know any particular entry.

export type ParamDescriptor = {
  readonly name: string;
  readonly kind: 'number' | 'text' | 'choice';
  readonly title: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly default?: string | number;
};

export type ParamValues = Readonly<Record<string, string | number>>;
