/** How a document's stage is put into words: the same on the way and on the home screen. */
import type { Stage } from '../../bindings/Stage';
import type { IconName } from '../../components/Icon.svelte';
import { explain, say } from '../../words.svelte';

export interface StageWords {
  /** The title of the screen. */
  title: string;
  /** Beside the document's name on the home screen. */
  short: string;
  /** What happens now, and what the citizen may do. */
  text: string;
  icon: IconName;
}

export function stageWords(stage: Stage): StageWords {
  switch (stage.stage) {
    case 'sending':
      return { title: say('app.upload.sending'), short: say('app.upload.sending'), text: say('app.upload.sending_text'), icon: 'send' };
    case 'waiting_for_network':
      return { title: say('app.upload.waiting'), short: say('app.upload.waiting'), text: say('app.upload.waiting_text'), icon: 'wait' };
    case 'paused':
      return { title: say('app.upload.paused'), short: say('app.upload.paused'), text: say('app.upload.paused_text'), icon: 'pause' };
    case 'checking':
      return { title: say('app.upload.checking'), short: say('app.upload.checking'), text: say('app.upload.checking_text'), icon: 'wait' };
    case 'slot_changed':
      return { title: say('app.upload.slot'), short: say('app.upload.slot'), text: say('app.upload.slot_text'), icon: 'warning' };
    case 'failed': {
      const words = explain(stage.trouble);
      return { title: say('app.upload.failed'), short: words.title, text: words.next, icon: 'warning' };
    }
    case 'received':
      return { title: say('app.done.title'), short: say('app.done.title'), text: '', icon: 'tick' };
  }
}
