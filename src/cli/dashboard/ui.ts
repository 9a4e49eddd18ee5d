/** What a person looks at: the panel with the focus, the selection, filters, the pages that were opened. Pure moves from one to the next. */

export interface Ui {
  readonly focus: string;
  /** By panel: the key that is selected in it. */
  readonly selections: ReadonlyMap<string, string>;
  /** By panel. */
  readonly filters: ReadonlyMap<string, string>;
  /** The filter of the panel with the focus is typed. */
  readonly filtering: boolean;
  /** What was drilled into, the latest last: each the key of its page. */
  readonly pages: readonly string[];
  /** The panel with the focus has the whole picture. */
  readonly zoomed: boolean;
  /** First line of the page that is seen, while nothing on it is selected. */
  readonly offset: number;
}

export const firstUi = (focus: string): Ui => ({
  focus,
  selections: new Map(),
  filters: new Map(),
  filtering: false,
  pages: [],
  zoomed: false,
  offset: 0,
});

/** Where selection and filter are kept: a page has its own. */
export const placeOf = ({ focus, pages }: Ui): string => pages.at(-1) ?? focus;
export const selectedOf = (ui: Ui): string | undefined => ui.selections.get(placeOf(ui));
export const filterOf = (ui: Ui, place: string): string => ui.filters.get(place) ?? '';

export function withSelection(ui: Ui, key: string | undefined): Ui {
  return { ...ui, selections: changed(ui.selections, placeOf(ui), key) };
}

export function withFilter(ui: Ui, filter: string): Ui {
  return { ...ui, filters: changed(ui.filters, placeOf(ui), filter === '' ? undefined : filter) };
}

/** From one key to another that so many places further; past the end of what follows its end, nothing is selected again. */
export function moved(ui: Ui, keys: readonly string[], { step, follows }: { step: number; follows: boolean }): Ui {
  if (keys.length === 0) return withSelection(ui, undefined);
  const selected = selectedOf(ui);
  const at = selected === undefined ? -1 : keys.indexOf(selected);
  if (at < 0) {
    if (follows) return step > 0 ? ui : withSelection(ui, keys.at(-1));
    return withSelection(ui, keys[0]);
  }
  if (follows && at + step >= keys.length) return withSelection(ui, undefined);
  return withSelection(ui, keys[Math.min(keys.length - 1, Math.max(0, at + step))]);
}

export function opened(ui: Ui, key: string): Ui {
  return placeOf(ui) === key ? ui : { ...ui, pages: [...ui.pages, key], offset: 0 };
}

/** A page further or back, on a page of its own lines. */
export function scrolled(ui: Ui, step: number, most = Number.POSITIVE_INFINITY): Ui {
  return { ...withSelection(ui, undefined), offset: Math.max(0, Math.min(most, ui.offset + step)) };
}

/** One thing less: the filter, the page, the selection, the zoom. Undefined: there was nothing. */
export function back(ui: Ui): Ui | undefined {
  const place = placeOf(ui);
  if (ui.filtering) return { ...withFilter(ui, ''), filtering: false };
  if (ui.filters.has(place)) return withFilter(ui, '');
  if (ui.pages.length > 0)
    return { ...ui, pages: ui.pages.slice(0, -1), offset: 0, selections: changed(ui.selections, place, undefined) };
  if (ui.selections.has(place)) return withSelection(ui, undefined);
  return ui.zoomed ? { ...ui, zoomed: false } : undefined;
}

function changed(
  map: ReadonlyMap<string, string>,
  name: string,
  value: string | undefined,
): ReadonlyMap<string, string> {
  const next = new Map(map);
  if (value === undefined) next.delete(name);
  else next.set(name, value);
  return next;
}

/** Another panel, without what was drilled into. */
export function focused(ui: Ui, focus: string): Ui {
  return { ...ui, pages: [], offset: 0, focus };
}

/** Where one is: the panel, and each page that leads to this one. */
export function crumbs({ focus, pages }: Ui): readonly string[] {
  return [focus, ...pages.map((key) => key.replace(':', ' ').trimEnd())];
}

/** `why` of a key at the prompt; undefined: its page tells it. */
export function subjectOf(key: string): string | undefined {
  const [kind, ...rest] = key.split(':');
  const name = rest.join(':');
  return kind === 'node' || kind === 'partition' || kind === 'group' || kind === 'client' || kind === 'transaction'
    ? name
    : undefined;
}
