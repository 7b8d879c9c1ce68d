/** `<simulate-room>`: which N and K for my hall? It ties the session to the elements that draw it. */

import { LitElement, css, html, nothing } from 'lit';
import { base } from '../components/base';
import { Engine } from '../engine/client';
import { simulateTexts } from '../i18n/simulate';
import { pictureOf } from '../simulate/chart/picture';
import type { FieldChange } from '../simulate/elements/number-field';
import type { FilmStageElement } from '../simulate/elements/film-stage';
import { download } from '../simulate/outcome/files';
import { presetOf, type PresetName } from '../simulate/scenario/presets';
import { Session } from '../simulate/session';
import type { LaneNumber } from '../simulate/state';
import { SweepRun } from '../simulate/sweep-run';
import { duration, share } from '../simulate/words';
import { settings } from '../stores/settings';
import { Watch } from '../stores/store';
import '../components/live-region';
import '../simulate/elements/broken-notice';
import '../simulate/elements/film-stage';
import '../simulate/elements/invariant-list';
import '../simulate/elements/outcome-panel';
import '../simulate/elements/preset-strip';
import '../simulate/elements/scenario-form';
import '../simulate/elements/share-panel';
import '../simulate/elements/sweep-panel';
import '../simulate/elements/versus-panel';

/** They outlive a visit to another room. */
const session = new Session({
  engine: () => new Engine(),
  moves: () => !matchMedia('(prefers-reduced-motion: reduce)').matches,
  address: (link) => {
    if (location.hash.startsWith('#/simulate')) history.replaceState(null, '', link);
  },
});
const sweep = new SweepRun(() => new Engine());

export class SimulateRoom extends LitElement {
  static override styles = [base, css`
    .room { display: grid; gap: var(--s5); grid-template-columns: minmax(0, 1fr); }
    .hero { display: grid; gap: var(--s2); max-width: 50rem; padding-top: var(--s3); }
    .hero h1 { font-size: clamp(1.75rem, 1.2rem + 2.2vw, 2.6rem); }
    .hero p { color: var(--muted); }
    .work { display: grid; gap: var(--s5); grid-template-columns: 350px minmax(0, 1fr); align-items: start; }
    .notice { display: flex; gap: var(--s3); justify-content: space-between; align-items: center; background: var(--warn-soft); border-radius: var(--radius); padding: var(--s2) var(--s4); }
    .notice p { overflow-wrap: anywhere; min-width: 0; }
    .two { display: grid; gap: var(--s5); grid-template-columns: minmax(0, 2.1fr) minmax(0, 1fr); align-items: start; }
    .setup > summary { display: none; }
    @media (max-width: 1000px) {
      .work, .two { grid-template-columns: minmax(0, 1fr); }
      .setup > summary { display: flex; align-items: center; justify-content: space-between; min-height: 48px; padding: 0 var(--s4); font-weight: 650; cursor: pointer; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); list-style: none; }
      .setup > summary::-webkit-details-marker { display: none; }
      .setup > summary::after { content: '＋'; color: var(--muted); }
      .setup[open] > summary { margin-bottom: var(--s3); } .setup[open] > summary::after { content: '－'; }
    }
  `];
  private readonly wide = matchMedia('(min-width: 1001px)');
  private readonly visited = (): void => {
    if (location.hash.startsWith('#/simulate')) void session.visit(location.hash);
  };
  private readonly rearranged = (): void => this.requestUpdate();

  constructor() {
    super();
    new Watch(this, session.store);
    new Watch(this, settings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.visited);
    this.wide.addEventListener('change', this.rearranged);
    this.visited();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.visited);
    this.wide.removeEventListener('change', this.rearranged);
    session.pause();
  }

  protected override render(): unknown {
    const texts = simulateTexts();
    const { scenario, twin, phase, problems, editing, broken, unread, opened } = session.store.value;
    return html`<div class="room">
      <div class="hero"><h1>${texts.title}</h1><p>${texts.lead}</p></div>
      ${unread.length === 0 ? nothing : html`<div class="notice" role="status"><p>${texts.unread(unread.join(' · '))}</p><button class="quiet" @click=${() => session.dismissUnread()}>${texts.close}</button></div>`}
      ${phase === 'failed' ? html`<div class="notice" role="alert"><p>${texts.failed}</p><button @click=${() => session.retry()}>${texts.again}</button></div>` : nothing}
      <preset-strip .current=${twin === null ? presetOf(scenario) : null} @preset=${(event: CustomEvent<PresetName>) => session.choose(event.detail)}></preset-strip>
      ${broken === null ? nothing : html`<broken-notice .broken=${broken}></broken-notice>`}
      <div class="work">
        <details class="setup" ?open=${this.wide.matches || problems.length > 0}><summary>${texts.setup}</summary>
          <scenario-form .scenario=${scenario} .twin=${twin} .editing=${editing} .problems=${problems} @field-change=${(event: CustomEvent<FieldChange>) => session.change(event.detail.path, event.detail.value)}
            @edit-lane=${(event: CustomEvent<LaneNumber>) => session.edit(event.detail)} @compare=${(event: CustomEvent<boolean>) => session.compare(event.detail)}></scenario-form></details>
        <film-stage .session=${session}></film-stage>
      </div>
      ${opened === null ? nothing : this.results()}
    </div>`;
  }

  private results(): unknown {
    const texts = simulateTexts();
    const { outcomes, opened, twin, scenario } = session.store.value;
    const told = (opened ?? []).flatMap((lane, index) => (outcomes?.[index] === undefined ? [] : [{ scenario: lane.scenario, report: outcomes[index] }]));
    const [first] = told;
    const said = first === undefined ? '' : texts.announce.done(share(first.report.seats.sell_through_basis_points / 10_000), duration(first.report.wait.p50_millis));
    return html`${told.length < 2 ? nothing : html`<versus-panel .outcomes=${told} .changes=${twin ?? {}}></versus-panel>`}
      <div class=${told.length > 1 ? 'stack' : 'two'}><section class="card stack" aria-labelledby="outcome"><div><h2 id="outcome">${texts.outcome.title}</h2><p class="muted">${first === undefined ? texts.outcome.running : texts.outcome.lead}</p></div>
          ${first === undefined ? nothing : html`<outcome-panel .outcomes=${told}></outcome-panel>`}</section>
        <section class="card">${first === undefined ? html`<p class="muted">${texts.outcome.running}</p>` : html`<invariant-list .reports=${told.map(({ report }) => report)}></invariant-list>`}</section></div>
      <sweep-panel .scenario=${scenario} .sweep=${sweep} @field-change=${(event: CustomEvent<FieldChange>) => this.keep(event.detail)}></sweep-panel>
      <share-panel .outcomes=${told} .link=${session.link()} @picture=${() => this.savePicture()}></share-panel>
      <live-region text=${said}></live-region>`;
  }

  /** A value of the sweep becomes the scenario's. */
  private keep({ path, value }: FieldChange): void {
    session.edit(0);
    session.change(path, value);
  }

  private async savePicture(): Promise<void> {
    const parts = this.renderRoot.querySelector<FilmStageElement>('film-stage')?.pictures ?? [];
    download('frontrow-chart.png', await pictureOf(simulateTexts().title, parts, getComputedStyle(this)));
  }
}

customElements.define('simulate-room', SimulateRoom);
