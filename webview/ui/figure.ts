// Owns putting a figure of the report into the page: parsed as data, adopted as nodes, so that nothing in it can run.

import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';

/** Shows an SVG given as text; it scrolls where it does not fit. */
export function figure(svg: string, label: string): TemplateResult {
  const put = (element: Element | undefined): void => {
    const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml');
    element?.replaceChildren(document.importNode(documentElement, true));
  };
  return html`<div class="figure" role="group" tabindex="0" aria-label=${label} ${ref(put)}></div>`;
}
