import type { Content } from '../../../api/rules-types.ts';
import { currentUser } from '../../../session.ts';
import { duplicate, moved, newRule, replaced, whole, type SaidRule } from '../drafting.ts';
import type { Hanging, LeftOutRule, Protocol } from '../hanging-api.ts';
import { rulesOf, type Owner, type Rule } from '../protocols.ts';
import { faultsIn, NO_FAULTS, without, type Faults } from './faults.ts';

interface Parts {
  told: Hanging;
  ofCounty: boolean;
  edited: readonly Protocol[];
  /** `at` of a reader's rules that are left out and shall be deleted. */
  forget: readonly number[];
  faults: Faults;
}

/** Rules as they are being edited: a reader's own, or the county's. Never changed: each step gives the next. */
export class Draft {
  /** As the server told them. */
  readonly told: Hanging;
  readonly ofCounty: boolean;
  /** What will be saved. */
  readonly edited: readonly Protocol[];
  readonly forget: readonly number[];
  readonly faults: Faults;

  private constructor({ told, ofCounty, edited, forget, faults }: Parts) {
    this.told = told;
    this.ofCounty = ofCounty;
    this.edited = edited;
    this.forget = forget;
    this.faults = faults;
  }

  static of(told: Hanging, ofCounty: boolean): Draft {
    return new Draft({ told, ofCounty, edited: ofCounty ? told.protocols : told.own.protocols, forget: [], faults: NO_FAULTS });
  }

  /** In the order in which they are asked; a reader sees the county's after his own. */
  get rules(): readonly Rule[] {
    if (this.ofCounty) return this.edited.map((protocol) => ({ protocol, owner: 'county' }));
    return rulesOf({ protocols: this.told.protocols, own: { protocols: this.edited } });
  }

  rule(key: string): Rule | undefined {
    return this.rules.find(({ protocol }) => protocol.key === key);
  }

  /** Whose rules have an order of their own here. */
  get movable(): Owner {
    return this.ofCounty ? 'county' : 'own';
  }

  isReadOnly({ owner }: Rule): boolean {
    return !this.ofCounty && owner === 'county';
  }

  /** Place of a rule among those that may be moved, from 0, and how many they are. */
  placeOf(key: string): readonly [at: number, count: number] {
    const movable = this.#movable;
    return [movable.findIndex((one) => one.key === key), movable.length];
  }

  get isChanged(): boolean {
    const before = this.ofCounty ? this.told.protocols : this.told.own.protocols;
    return this.forget.length > 0 || (this.edited !== before && JSON.stringify(this.edited) !== JSON.stringify(before));
  }

  /** Whether a reader has nothing that could be taken back; the county's rules can always go back to what is shipped. */
  get isDefault(): boolean {
    return !this.ofCounty && this.told.own.protocols.length + this.told.own.left_out.length === 0;
  }

  /** Rules that hang nothing because they are not read any more: the county's, or a reader's that he wants to keep. */
  leftOut(owner: 'own' | 'county'): readonly LeftOutRule[] {
    return owner === 'county' ? this.told.left_out : this.told.own.left_out.filter(({ at }) => !this.forget.includes(at));
  }

  forgetting(at: number): Draft {
    return new Draft({ ...this, forget: [...this.forget, at] });
  }

  /** A new rule before all others; with its key. */
  added(name: string): readonly [Draft, string] {
    return this.#first(newRule(this.#taken, name));
  }

  copied(rule: Protocol, suffix: string): readonly [Draft, string] {
    return this.#first(duplicate(rule, this.#taken, suffix));
  }

  /** The county's rule as the reader wants it, in its place. */
  instead(rule: Protocol): Draft {
    return this.#with([...this.edited, rule]);
  }

  changed(rule: Protocol): Draft {
    const at = this.edited.findIndex(({ key }) => key === rule.key);
    return new Draft({ ...this, edited: replaced(this.edited, at, rule), faults: without(this.faults, `${rule.key}/`) });
  }

  removed(key: string): Draft {
    const edited = this.edited.filter((rule) => rule.key !== key);
    return new Draft({ ...this, edited, faults: without(this.faults, `${key}/`) });
  }

  moved(key: string, to: number): Draft {
    const movable = this.#movable;
    const rest = this.edited.filter((rule) => !movable.includes(rule));
    return this.#with([...moved(movable, movable.findIndex((rule) => rule.key === key), to), ...rest]);
  }

  discarded(): Draft {
    return Draft.of(this.told, this.ofCounty);
  }

  /** The same changes, to what the server tells now; what is left out may be something else by then. */
  rebased(told: Hanging): Draft {
    return new Draft({ ...this, told, forget: [] });
  }

  /** What the product hangs by until a county says otherwise. */
  shipped(content: Content): Draft {
    const said = (content as unknown as { protocols?: readonly SaidRule[] }).protocols ?? [];
    return new Draft({ ...this, edited: said.map(whole), faults: NO_FAULTS });
  }

  /** With what the server found wrong; `null` when the refusal is about something else. */
  faulty(error: unknown): Draft | null {
    const faults = faultsIn(error, this.edited);
    return faults === null ? null : new Draft({ ...this, faults });
  }

  get #movable(): readonly Protocol[] {
    if (this.ofCounty) return this.edited;
    const county = new Set(this.told.protocols.map(({ key }) => key));
    return this.edited.filter(({ key }) => !county.has(key));
  }

  get #taken(): readonly Protocol[] {
    return [...this.edited, ...this.told.protocols];
  }

  #first(rule: Protocol): readonly [Draft, string] {
    return [this.#with([rule, ...this.edited]), rule.key];
  }

  #with(edited: readonly Protocol[]): Draft {
    return new Draft({ ...this, edited });
  }
}

/** What somebody has edited and not saved, while he looks at another page. */
class Unsaved {
  #owner = '';
  #draft: Draft | null = null;

  keep(draft: Draft): void {
    this.#owner = currentUser()?.username ?? '';
    this.#draft = draft.isChanged ? draft : null;
  }

  /** Of this person, as long as the rules on the server are still those that were edited. */
  restored(told: Hanging, ofCounty: boolean): Draft | null {
    const draft = this.#owner === (currentUser()?.username ?? '') ? this.#draft : null;
    if (draft === null || draft.ofCounty !== ofCounty) return null;
    const isSame = draft.told.version === told.version && draft.told.own.version === told.own.version;
    return isSame ? draft : null;
  }
}

export const unsaved = new Unsaved();
