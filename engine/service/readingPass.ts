// Owns the pass that parses every record of a file once, in order, a few at a time: where its examples are, and what it holds in sum.
// Must not know who asks, nor when. Memory does not grow with the file beyond a few numbers an example.
import type { FileProblem } from '../domain/traceList';
import type { Format, ReadTurn } from '../formats/format';
import type { RawRecord, RecordFile } from '../formats/records/recordFile';
import { lastLettered } from '../interventions/letteredOptions';
import { AnswerSurvey, type SurveyResult } from './answerSurvey';
import { isBundledProducer } from './bundledProducer';
import type { FileSummary } from './contract';
import { Ordinals, turnHash } from './exampleId';
import { FieldSurvey } from './fieldSurvey';
import { readTurns } from './readTurns';
import { SwapSurvey } from './suggestSwaps';
import { TraceIndex } from './traceIndex';

export type PassSpec = {
  readonly path: string;
  readonly size: number;
  readonly records: RecordFile;
  readonly format: Format;
  /** Id of an answer reader, or `auto`. */
  readonly answer: string;
};

/** A problem list is for people; beyond this, more of the same do not help. */
const mostProblems = 1000;
/** After so long a step ends, in milliseconds: whoever waits for the process has a turn then. */
const stepMs = 15;

export class ReadingPass {
  readonly index: TraceIndex;
  readonly problems: FileProblem[] = [];
  /** All of them, those too that `problems` has no room for. */
  problemCount = 0;
  withoutReasoning = 0;
  /** Records read so far, the bad ones too, and their bytes. */
  records = 0;
  recordBytes = 0;
  /** How far the file was read, in bytes. */
  bytes = 0;
  isDone = false;
  readonly #survey: AnswerSurvey;
  readonly #swaps = new SwapSurvey();
  readonly #fields = new FieldSurvey();
  readonly #ordinals = new Ordinals();
  readonly #models = new Set<string>();
  readonly #scan: AsyncIterator<RawRecord>;
  #answered: { readonly records: number; readonly result: SurveyResult } | null = null;
  #opaque = 0;
  #bundled = true;

  constructor(
    private readonly spec: PassSpec,
    signal: AbortSignal,
  ) {
    this.index = new TraceIndex(spec.path);
    this.#survey = new AnswerSurvey(spec.answer);
    const onBytes = (bytes: number): void => {
      this.bytes = bytes;
    };
    this.#scan = spec.records.scan({ signal, onBytes })[Symbol.asyncIterator]();
  }

  /** Reads on for a moment. */
  async step(): Promise<void> {
    const startedAt = performance.now();
    do {
      const { done, value } = await this.#scan.next();
      if (done) this.isDone = true;
      else this.#add(value);
    } while (!this.isDone && performance.now() - startedAt < stepMs);
  }

  /** Lets go of the file before its end. */
  async close(): Promise<void> {
    await this.#scan.return?.();
  }

  /** What the answers read so far suggest; final when all were. */
  answer(): SurveyResult {
    if (this.#answered?.records !== this.records) {
      this.#answered = { records: this.records, result: this.#survey.result() };
    }
    return this.#answered.result;
  }

  /** @throws Error when the pass is not done */
  summary(): FileSummary {
    if (!this.isDone) throw new Error('a summary of a file that was not read to its end');
    return this.summarySoFar();
  }

  /** The same of what was read so far. */
  summarySoFar(): FileSummary {
    const { path, size, format } = this.spec;
    const answer = this.answer();
    return {
      file: path,
      format: format.id,
      formatTitle: format.title,
      size,
      examples: this.index.length,
      problems: this.problems,
      problemCount: this.problemCount,
      withoutReasoning: this.withoutReasoning,
      opaque: this.#opaque,
      models: [...this.#models],
      answer: { reader: answer.reader.id, read: answer.read, options: answer.options, tally: answer.tally },
      fields: this.#fields.facets(),
      swaps: this.#swaps.suggestions(),
      bundledProducer: this.#bundled,
    };
  }

  #add(record: RawRecord): void {
    this.records += 1;
    this.recordBytes += record.bytes.length;
    for (const damage of record.damaged ?? []) this.#addProblem(damage);
    const turns = readTurns(record, this.spec.format);
    if ('problem' in turns) {
      this.#addProblem({ line: record.line, reason: turns.problem });
      return;
    }
    if (turns.length === 0) this.withoutReasoning += 1;
    for (const turn of turns) this.#addTurn(record, turn);
  }

  #addProblem({ line, reason }: FileProblem): void {
    this.problemCount += 1;
    if (this.problems.length < mostProblems) this.problems.push({ line, reason });
  }

  #addTurn(record: RawRecord, turn: ReadTurn): void {
    const ordinal = this.#ordinals.next(turnHash(record.bytes, turn.turn));
    this.index.add({ source: record.source, turn: turn.turn, ordinal });
    if (turn.model !== null) this.#models.add(turn.model);
    if (turn.opaque !== null) this.#opaque += 1;
    this.#bundled &&= isBundledProducer(turn);
    this.#survey.add(turn.trace.answerText, turn.statedAnswer, () => lettersOf(turn));
    this.#swaps.add(turn.messages);
    this.#fields.add(turn.fields);
  }
}

const lettersOf = ({ messages }: ReadTurn): readonly string[] =>
  (lastLettered(messages)?.options ?? []).map(({ letter }) => letter);
