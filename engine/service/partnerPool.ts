// Owns which other example lends its trace to one: drawn by the seed and both ids, so that neither the order of the file nor a resumed run
// changes it. Must not know edits.
import type { Example } from '../domain/example';
import type { ExampleId } from '../domain/ids';
import type { Material } from '../domain/material';
import { textHash } from '../domain/textHash';
import { matchOption } from './foldAnswer';

type Candidate = {
  readonly id: ExampleId;
  readonly ordinal: number;
  readonly recorded: string;
  readonly reasoning: string;
};

/** Traces held in memory to choose from. Of more examples those with the smallest hashes stay, which is no order of the file. */
const most = 512;

export class PartnerPool {
  #candidates: Promise<readonly Candidate[]> | null = null;

  constructor(
    private readonly examples: () => AsyncIterable<{ readonly example: Example; readonly ordinal: number }>,
    private readonly choice: { readonly seed: number; readonly options: readonly string[] },
  ) {}

  /** Read once, when the first example asks. */
  async partnerOf(example: Example, answer: 'same' | 'other'): Promise<Material> {
    this.#candidates ??= this.read();
    const own = this.recordedOf(example);
    const fitting = (await this.#candidates).filter(
      ({ id, recorded }) => id !== example.id && (recorded === own) === (answer === 'same'),
    );
    const rank = ({ id }: Candidate): number => textHash(`${this.choice.seed}/${example.id}/${id}`);
    const [chosen] = fitting.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
    if (chosen) return { text: chosen.reasoning, origin: `example ${chosen.ordinal + 1}` };
    const which = answer === 'same' ? 'the same' : 'another';
    return { text: null, reason: `no other example has ${which} recorded answer`, origin: 'another example' };
  }

  private recordedOf({ answer }: Example): string | null {
    return answer && matchOption(answer.option, this.choice.options);
  }

  private async read(): Promise<readonly Candidate[]> {
    let candidates: Candidate[] = [];
    for await (const { example, ordinal } of this.examples()) {
      const recorded = this.recordedOf(example);
      const { reasoning } = example.trace;
      if (recorded === null || example.opaque !== null || reasoning.trim() === '') continue;
      candidates.push({ id: example.id, ordinal, recorded, reasoning });
      if (candidates.length >= 2 * most) candidates = smallest(candidates);
    }
    return smallest(candidates);
  }
}

function smallest(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) => textHash(a.id) - textHash(b.id)).slice(0, most);
}
