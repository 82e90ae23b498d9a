// Owns the bar above the trace editor's list: words to find and where, filters by answer, flaw and field, the order. It changes a query and
// knows nothing of how it is answered.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import {
  type ExampleFilter,
  type ExampleFlaw,
  type ExampleOrder,
  type ExampleQuery,
  type FieldFacet,
  type FieldValue,
  type SearchPlace,
  searchPlaces,
  type TraceFileFacts,
} from '../../engine/domain/traceList';
import { count } from '../../engine/report/numbers';
import { t } from '../ui/t';

export type TracesFiltersProps = {
  readonly query: ExampleQuery;
  /** `null` until the whole file was read: filters by value come then. */
  readonly facts: TraceFileFacts | null;
  readonly onQuery: (query: ExampleQuery) => void;
  /** Enter or Escape in the box of words. */
  readonly onLeave: () => void;
};

type Choice = { readonly value: string; readonly title: string };

export function tracesFilters(props: TracesFiltersProps): TemplateResult {
  const { query, facts, onQuery } = props;
  return html`<search class="trace-filters" aria-label=${t('Find examples')}>
    <input class="words" type="search" placeholder=${t('Search ( / )')} aria-label=${t('Words to find')} aria-keyshortcuts="/" spellcheck="false" maxlength="1000"
      .value=${live(query.words)} @input=${(event: InputEvent) => onQuery({ ...query, words: textOf(event) })}
      @keydown=${(event: KeyboardEvent) => onWordsKey(event, props)} />
    ${placeChooser(props)}
    ${facts ? [answerFilter(props, facts), flawFilter(props, facts), fieldFilter(props, facts)] : nothing}
    ${orderChooser(props)}
  </search>`;
}

function onWordsKey(event: KeyboardEvent, { query, onQuery, onLeave }: TracesFiltersProps): void {
  if (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== 'ArrowDown') return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === 'Escape') onQuery({ ...query, words: '' });
  onLeave();
}

function placeChooser({ query, onQuery }: TracesFiltersProps): TemplateResult {
  const titles: Readonly<Record<SearchPlace, string>> = {
    everywhere: t('everywhere'),
    prompt: t('in the prompt'),
    reasoning: t('in the reasoning'),
    answer: t('in the answer'),
    fields: t('in the fields'),
  };
  const choices = searchPlaces.map((place) => ({ value: place, title: titles[place] }));
  const onChoice = (place: string): void => onQuery({ ...query, place: place as SearchPlace });
  return chooser(t('Where to look'), { selected: query.place, choices, onChoice });
}

const filterOf = <B extends ExampleFilter['by']>({ filters }: ExampleQuery, by: B) =>
  filters.find((one): one is Extract<ExampleFilter, { by: B }> => one.by === by);

function withFilter(query: ExampleQuery, by: ExampleFilter['by'], filter: ExampleFilter | null): ExampleQuery {
  const others = query.filters.filter((one) => one.by !== by);
  return { ...query, filters: filter ? [...others, filter] : others };
}

const any = '';

function answerFilter({ query, onQuery }: TracesFiltersProps, { answer }: TraceFileFacts): TemplateResult {
  const own = filterOf(query, 'answer');
  const choices = answer.tally.map(({ option, n }) => ({
    value: JSON.stringify(option),
    title: `${option} (${count(n)})`,
  }));
  const filter = (value: string): ExampleFilter | null =>
    value === any ? null : { by: 'answer', option: JSON.parse(value) as string };
  return chooser(t('Answer'), {
    selected: own ? JSON.stringify(own.option) : any,
    choices: [{ value: any, title: t('Any answer') }, ...choices],
    onChoice: (value) => onQuery(withFilter(query, 'answer', filter(value))),
  });
}

function flawFilter({ query, onQuery }: TracesFiltersProps, facts: TraceFileFacts): TemplateResult {
  const choices: readonly Choice[] = [
    { value: any, title: t('Any state') },
    { value: 'unanswered', title: t('No readable answer ({0})', count(facts.examples - facts.answer.read)) },
    { value: 'opaque', title: t('Opaque reasoning ({0})', count(facts.opaque)) },
    { value: 'empty', title: t('Empty reasoning') },
  ];
  const filter = (value: string): ExampleFilter | null =>
    value === any ? null : { by: 'flaw', flaw: value as ExampleFlaw };
  return chooser(t('State'), {
    selected: filterOf(query, 'flaw')?.flaw ?? any,
    choices,
    onChoice: (value) => onQuery(withFilter(query, 'flaw', filter(value))),
  });
}

/** One list of all fields whose values repeat, with their values. */
function fieldFilter({ query, onQuery }: TracesFiltersProps, { fields }: TraceFileFacts) {
  const telling = fields.filter(({ values, more }) => !more && values.length > 1 && values.some(({ n }) => n > 1));
  if (telling.length === 0) return nothing;
  const own = filterOf(query, 'field');
  const selected = own ? JSON.stringify([own.name, own.value]) : any;
  const filter = (chosen: string): ExampleFilter | null => {
    if (chosen === any) return null;
    const [name, value] = JSON.parse(chosen) as [string, FieldValue];
    return { by: 'field', name, value };
  };
  const onChange = (event: Event): void => onQuery(withFilter(query, 'field', filter(selectOf(event).value)));
  return html`<select class="chooser" aria-label=${t('Field')} title=${t('Field')} @change=${onChange}>
    ${option({ value: any, title: t('Any field') }, selected)}
    ${telling.map((facet) => fieldGroup(facet, selected))}
  </select>`;
}

const fieldGroup = ({ name, values }: FieldFacet, selected: string): TemplateResult => html`<optgroup label=${name}>
  ${values.map(({ value, n }) =>
    option({ value: JSON.stringify([name, value]), title: `${name}: ${value} (${count(n)})` }, selected),
  )}
</optgroup>`;

function orderChooser({ query, facts, onQuery }: TracesFiltersProps): TemplateResult {
  const onChoice = (order: string): void => onQuery({ ...query, order: JSON.parse(order) as ExampleOrder });
  return chooser(t('Order'), { selected: JSON.stringify(query.order), choices: orders(facts), onChoice });
}

function orders(facts: TraceFileFacts | null): readonly Choice[] {
  const order = (title: string, value: ExampleOrder): Choice => ({ value: JSON.stringify(value), title });
  const fields = (facts?.fields ?? []).filter(({ values }) => values.length > 1);
  return [
    order(t('File order'), { by: 'file', descending: false }),
    order(t('Last first'), { by: 'file', descending: true }),
    order(t('By answer'), { by: 'answer', descending: false }),
    order(t('Longest reasoning first'), { by: 'length', descending: true }),
    order(t('Shortest reasoning first'), { by: 'length', descending: false }),
    ...fields.flatMap(({ name }) => [
      order(t('By {0}', name), { by: 'field', name, descending: false }),
      order(t('By {0}, descending', name), { by: 'field', name, descending: true }),
    ]),
  ];
}

type Chooser = {
  readonly selected: string;
  readonly choices: readonly Choice[];
  readonly onChoice: (value: string) => void;
};

function chooser(label: string, { selected, choices, onChoice }: Chooser): TemplateResult {
  return html`<select class="chooser" aria-label=${label} title=${label} @change=${(event: Event) => onChoice(selectOf(event).value)}>
    ${choices.map((choice) => option(choice, selected))}
  </select>`;
}

const option = ({ value, title }: Choice, selected: string): TemplateResult =>
  html`<option value=${value} .selected=${live(value === selected)}>${title}</option>`;

const selectOf = (event: Event): HTMLSelectElement => event.currentTarget as HTMLSelectElement;
const textOf = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
