/** `<notice-form>`: the operator's text for the people in line, in both languages. Emits `announce` with it, or with null. */

import { LitElement, html } from 'lit';
import type { Notice } from '../api/types';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';

/** The contract's bound. */
const CHARS_MAX = 500;
const EMPTY: Notice = { ko: '', en: '' };

export class NoticeForm extends LitElement {
  static override styles = base;
  static override properties = { notice: { attribute: false }, busy: { type: Boolean }, draft: { state: true } };
  /** What the people in line are told now. */
  declare notice: Notice | null;
  declare busy: boolean;
  /** What was typed and not told yet. */
  declare draft: Partial<Notice>;

  constructor() {
    super();
    Object.assign(this, { notice: null, busy: false, draft: {} });
    new Watch(this, settings);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('notice') as Notice | null | undefined;
    if (changed.has('notice') && JSON.stringify(before) !== JSON.stringify(this.notice)) this.draft = {};
  }

  protected override render(): unknown {
    const words = texts().operator;
    const { ko, en } = { ...(this.notice ?? EMPTY), ...this.draft };
    const typed = (event: Event): string => (event.target as HTMLInputElement).value;
    return html`<form class="card stack" @submit=${this.submitted}>
      <div class="stack"><h3>${words.notice}</h3><p class="muted small">${words.noticeLead}</p></div>
      <label>${words.noticeKo}<input name="ko" lang="ko" required maxlength=${CHARS_MAX} .value=${ko} @input=${(event: Event) => (this.draft = { ...this.draft, ko: typed(event) })} /></label>
      <label>${words.noticeEn}<input name="en" lang="en" required maxlength=${CHARS_MAX} .value=${en} @input=${(event: Event) => (this.draft = { ...this.draft, en: typed(event) })} /></label>
      <div class="row">
        <button class="primary" ?disabled=${this.busy}>${words.announce}</button>
        <button class="quiet" type="button" ?disabled=${this.busy || this.notice === null} @click=${() => emit<Notice | null>(this, 'announce', null)}>${words.silence}</button>
      </div>
    </form>`;
  }

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    emit<Notice | null>(this, 'announce', { ...(this.notice ?? EMPTY), ...this.draft });
  };
}

customElements.define('notice-form', NoticeForm);
