/** `<audit-panel>`: whether every invariant holds. Emits `run`. */

import { LitElement, css, html, nothing } from 'lit';
import type { Audit } from '../api/types';
import { formatNumber } from '../format';
import { texts } from '../i18n';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import { base, emit } from './base';

export class AuditPanel extends LitElement {
  static override styles = [base, css`
    li { display: grid; grid-template-columns: 24px 1fr auto; gap: var(--s2); padding: var(--s2) 0; border-bottom: 1px solid var(--line); align-items: center; }
    li:last-child { border: 0; }
    .mark { width: 22px; height: 22px; border-radius: 50%; display: grid; place-items: center; font-size: 0.75rem; font-weight: 800; background: var(--good-soft); color: var(--good); }
    .broken { background: var(--bad-soft); color: var(--bad); }
  `];
  static override properties = { audit: { attribute: false }, busy: { type: Boolean } };
  declare audit: Audit | null;
  declare busy: boolean;

  constructor() {
    super();
    Object.assign(this, { audit: null, busy: false });
    new Watch(this, settings);
  }

  protected override render(): unknown {
    const [words, { locale }] = [texts().operator, settings.value];
    const { audit } = this;
    return html`<section class="card stack" aria-labelledby="title">
      <div class="row between"><h3 id="title">${words.audit}</h3><button ?disabled=${this.busy} @click=${() => emit(this, 'run')}>${words.runAudit}</button></div>
      <p role="status">${audit === null ? nothing : html`<span class="chip ${audit.ok ? 'good' : 'bad'}" data-testid="audit">${audit.ok ? words.auditOk : words.auditBad}</span> <span class="small muted figure">${words.events(formatNumber(audit.events, locale))}</span>`}</p>
      <ul>${audit?.checks.map((check) => html`<li>
        <span class="mark ${check.ok ? '' : 'broken'}" aria-hidden="true">${check.ok ? '✓' : '✗'}</span>
        <span>${words.invariant[check.invariant] ?? check.invariant}</span>
        <span class="small muted figure">${words.checked(formatNumber(check.checked, locale))}</span></li>`)}</ul>
    </section>`;
  }
}

customElements.define('audit-panel', AuditPanel);
