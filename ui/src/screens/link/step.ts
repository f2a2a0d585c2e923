/** What every step of linking is given. */
import type { LinkView } from '../../bindings/LinkView';
import type { Trouble } from '../../bindings/Trouble';

export interface StepProps<S extends LinkView['step']> {
  step: Extract<LinkView, { step: S }>;
  trouble: Trouble | null;
}
